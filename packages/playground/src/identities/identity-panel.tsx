import { useState } from 'react';

import { FrameList } from '../timeline/frame-list.tsx';
import { FrameStrip } from '../timeline/frame-strip.tsx';
import { HeardList } from '../timeline/heard-list.tsx';
import type { Identity, View } from './identity.ts';
import { useView } from './use-identities.ts';

interface IdentityPanelProps {
  identity: Identity;
  onRemove: (() => void) | undefined;
}

/** Somebody who is connected: how the connection is, what was heard, and every frame. */
export function IdentityPanel({ identity, onRemove }: IdentityPanelProps) {
  const view = useView(identity);
  const [shown, show] = useState<'heard' | 'frames'>('heard');
  const [after, setAfter] = useState('0');
  const { user } = identity;
  const occurrences = view.heard.filter(({ kind }) => kind === 'occurrence').length;
  return (
    <section className={`panel ${user.role}`} aria-label={user.name}>
      <header>
        <h3>{user.name}</h3>
        <span className="role" title={user.id}>
          {user.role}
        </span>
        <StatusOf view={view} />
        {onRemove && (
          <button
            type="button"
            className="quiet"
            aria-label={`Remove ${user.name}`}
            onClick={onRemove}
          >
            ×
          </button>
        )}
      </header>
      {failureOf(view) !== undefined && <p className="notice">{failureOf(view)}</p>}
      <div className="line">
        {view.isCut ? (
          <button type="button" onClick={() => identity.reconnect()}>
            Connect again
          </button>
        ) : (
          <button type="button" onClick={() => identity.drop()}>
            Drop the connection
          </button>
        )}
        <form
          onSubmit={(submit) => {
            submit.preventDefault();
            identity.resume(after);
          }}
        >
          <button type="submit">Resume</button>
          <label>
            from position
            <input
              required
              inputMode="numeric"
              pattern="\d+"
              size={4}
              value={after}
              onChange={({ target }) => setAfter(target.value)}
            />
          </label>
        </form>
      </div>
      <FrameStrip frames={view.frames} />
      <div className="tabs">
        <button type="button" aria-pressed={shown === 'heard'} onClick={() => show('heard')}>
          Heard <small>{occurrences}</small>
        </button>
        <button type="button" aria-pressed={shown === 'frames'} onClick={() => show('frames')}>
          Frames <small>{view.frames.length}</small>
        </button>
        <span className="quiet">listens to {view.listening.size} events</span>
        <button type="button" className="copy" onClick={() => identity.clear()}>
          Clear
        </button>
      </div>
      {shown === 'heard' ? (
        <HeardList heard={view.heard} onResume={(position) => identity.resume(String(position))} />
      ) : (
        <FrameList frames={view.frames} />
      )}
    </section>
  );
}

function StatusOf({ view: { status, isCut } }: { view: View }) {
  return (
    <span role="status" aria-label="Connection" className={`status ${status.state}`}>
      {isCut ? 'dropped' : status.state}
    </span>
  );
}

/** Why there is no token. */
function failureOf({ status }: View): string | undefined {
  const failure = status.state === 'reconnecting' ? status.tokenFailure : undefined;
  return failure instanceof Error ? failure.message : undefined;
}
