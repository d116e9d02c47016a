import type { SendHalf } from '../contract/contract.ts';
import { Json } from '../json.tsx';
import type { Outcome } from './use-send.ts';

/** What the server said to the newest send. */
export function OutcomeView({ outcome, send }: { outcome: Outcome | undefined; send: SendHalf }) {
  return (
    <section className="outcome" aria-label="Reply" aria-live="polite">
      {outcome === undefined && (
        <p className="empty">The reply of the server will be here, or why it refuses.</p>
      )}
      {outcome?.state === 'sent' && <p className="empty">Sent. Waiting for the reply…</p>}
      {outcome?.state === 'replied' && (
        <>
          <h3>
            <span className="good">Reply</span> to {outcome.by.user.name}
            <small>{formatMilliseconds(outcome.milliseconds)}</small>
          </h3>
          <Json value={outcome.reply} />
        </>
      )}
      {outcome?.state === 'refused' && (
        <>
          <h3>
            <code className="bad">{outcome.code}</code> for {outcome.by.user.name}
            <small>{formatMilliseconds(outcome.milliseconds)}</small>
          </h3>
          <p>{outcome.message}</p>
          {outcome.data !== undefined && <Json value={outcome.data} />}
          {outcome.retryable && <p className="quiet">The same may succeed later.</p>}
        </>
      )}
      {send.errors.length > 0 && (
        <p className="refusals">
          <span>May be refused with</span>
          {send.errors.map(({ code, message }) => (
            <code key={code} title={message}>
              {code}
            </code>
          ))}
        </p>
      )}
    </section>
  );
}

function formatMilliseconds(milliseconds: number): string {
  return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
}
