import type { PendingMessage } from '@parley/client/chats';

import { explain } from '../explain.ts';
import { textOf } from './text-of.ts';

/** A message of one's own that is on its way, or that failed and can be sent again. */
export function PendingBubble({ pending }: { pending: PendingMessage }) {
  const { message, visibility, state } = pending;
  return (
    <li className={`bubble own ${state} ${visibility}`}>
      <p>{textOf(message)}</p>
      {state === 'pending' ? <small>sending…</small> : <NotSent pending={pending} />}
    </li>
  );
}

function NotSent({ pending: { error, retry, discard } }: { pending: PendingMessage }) {
  const { code, message } = explain(error);
  return (
    <>
      <small>
        <span>
          Not sent: <code>{code}</code> {message}
        </span>
      </small>
      <div className="actions">
        <button type="button" onClick={discard}>
          Discard
        </button>
        {/* When it fails again, it is shown as this one is. */}
        <button type="button" onClick={() => retry().catch(() => undefined)}>
          Send again
        </button>
      </div>
    </>
  );
}
