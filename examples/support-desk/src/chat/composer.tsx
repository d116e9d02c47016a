import type { Chat } from '@parley/client/chats';
import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';

export interface ComposerProps {
  chat: Chat;
  /** Whether the user may write notes for agents only. */
  mayNote: boolean;
}

export function Composer({ chat, mayNote }: ComposerProps) {
  const [text, setText] = useState('');
  const [isNote, setNote] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const written = text.trim();

  useEffect(() => (field.current ? chat.monitorActivity(field.current) : undefined), [chat]);

  function submit(event: FormEvent | KeyboardEvent) {
    event.preventDefault();
    if (!written) return;
    setText('');
    // One that fails is among the chat's pending messages, and shown as such.
    chat.sendMessage(written, { visibility: isNote ? 'agents' : 'all' }).catch(() => undefined);
  }

  return (
    <form className={isNote ? 'composer note' : 'composer'} onSubmit={submit}>
      <label className="unseen" htmlFor={id}>
        {isNote ? 'Note for agents' : 'Message'}
      </label>
      <textarea
        id={id}
        ref={field}
        rows={1}
        maxLength={8192}
        placeholder={isNote ? 'A note only agents see…' : 'Write a message…'}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          const sends = event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing;
          if (sends) submit(event);
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
      <button type="submit" className="main" disabled={!written}>
        Send
      </button>
    </form>
  );
}
