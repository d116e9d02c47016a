import { type FormEvent, type KeyboardEvent, useId, useState } from 'react';

import { type ActivityType, useActivity } from './use-activity.ts';

export interface Draft {
  text: string;
  visibility: 'all' | 'agents';
}

export interface ComposerProps {
  /** Whether the user may write notes for agents only. */
  mayNote: boolean;
  onActivity(type: ActivityType): void;
  /** Says whether the message was sent; if not, the field gets its text back. */
  onWrite(draft: Draft): Promise<boolean>;
}

export function Composer({ mayNote, onActivity, onWrite }: ComposerProps) {
  const [text, setText] = useState('');
  const [isNote, setNote] = useState(false);
  const activity = useActivity(onActivity);
  const id = useId();

  function type(next: string) {
    setText(next);
    activity.typed(next);
  }

  async function submit(event: FormEvent | KeyboardEvent) {
    event.preventDefault();
    const written = text.trim();
    if (written === '') return;
    setText('');
    activity.sent();
    const isWritten = await onWrite({ text: written, visibility: isNote ? 'agents' : 'all' });
    if (!isWritten) setText((newer) => (newer === '' ? written : newer));
  }

  return (
    <form className={isNote ? 'composer note' : 'composer'} onSubmit={submit}>
      <label className="unseen" htmlFor={id}>
        {isNote ? 'Note for agents' : 'Message'}
      </label>
      <textarea
        id={id}
        rows={1}
        maxLength={8192}
        placeholder={isNote ? 'A note only agents see…' : 'Write a message…'}
        value={text}
        onChange={(event) => type(event.target.value)}
        onKeyDown={(event) => {
          const sends = event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing;
          if (sends) void submit(event);
        }}
      />
      {mayNote ? (
        <button
          type="button"
          className="plain"
          aria-pressed={isNote}
          onClick={() => setNote(!isNote)}
        >
          Note
        </button>
      ) : null}
      <button type="submit" className="main" disabled={text.trim() === ''}>
        Send
      </button>
    </form>
  );
}
