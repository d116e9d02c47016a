import type { Chat } from '@parley/client/chats';
import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';

export interface ComposerProps {
  chat: Chat;
  /** Whether the user may write notes for agents only. */
  mayNote: boolean;
  /** Says whether the message was sent; if not, the field gets its text back. */
  onWrite(text: string, visibility: 'all' | 'agents'): Promise<boolean>;
}

export function Composer({ chat, mayNote, onWrite }: ComposerProps) {
  const [isEmpty, setEmpty] = useState(true);
  const [isNote, setNote] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();

  useEffect(() => (field.current ? chat.monitorActivity(field.current) : undefined), [chat]);

  async function submit(event: FormEvent | KeyboardEvent) {
    event.preventDefault();
    const input = field.current;
    const written = input?.value.trim();
    if (!input || !written) return;
    const put = (text: string) => {
      input.value = text;
      setEmpty(text === '');
    };
    put('');
    const isWritten = await onWrite(written, isNote ? 'agents' : 'all');
    if (!isWritten && input.value === '') put(written);
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
        onChange={(event) => setEmpty(event.target.value.trim() === '')}
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
      <button type="submit" className="main" disabled={isEmpty}>
        Send
      </button>
    </form>
  );
}
