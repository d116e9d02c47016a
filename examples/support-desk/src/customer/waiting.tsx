import type { ChatState } from '../chat-state.ts';

export interface WaitingProps {
  chat: ChatState;
  onSearch(): void;
}

/** Where the customer is in the queue, and whether somebody is being looked for. */
export function Waiting({ chat: { search, place }, onSearch }: WaitingProps) {
  if (search === 'failed') {
    return (
      <div className="waiting alone" role="status">
        <p>
          <strong>No agent is free right now.</strong> You keep your place, and are connected as
          soon as somebody is.
        </p>
        <button type="button" onClick={onSearch}>
          Try again
        </button>
      </div>
    );
  }
  return (
    <div className="waiting" role="status">
      <span className="spinner" aria-hidden="true" />
      <p>
        <strong>Looking for an agent…</strong> {place ? describe(place.queuePosition) : null}
      </p>
    </div>
  );
}

function describe(queuePosition: number): string {
  if (queuePosition === 0) return 'You are next.';
  return queuePosition === 1
    ? 'One person is ahead of you.'
    : `${queuePosition} people are ahead of you.`;
}
