import type { Invitation } from './use-invitations.ts';

export interface InvitationCardProps {
  invitation: Invitation;
  now: number;
  onAccept(): void;
  onReject(): void;
}

export function InvitationCard({ invitation, now, onAccept, onReject }: InvitationCardProps) {
  const { preview, invitedAt, expiresAt } = invitation;
  const { customer, room, message } = preview;
  const name = customer.name ?? customer.id;
  return (
    <li className="invitation" aria-label={`Invitation from ${name}`}>
      <Countdown left={expiresAt - now} whole={expiresAt - invitedAt} />
      <div>
        <p>
          <strong>{name}</strong> <small>in {room}</small>
        </p>
        <p className="preview">{message ?? 'Nothing written yet.'}</p>
      </div>
      <button type="button" onClick={onReject}>
        Reject
      </button>
      <button type="button" className="main" onClick={onAccept}>
        Accept
      </button>
    </li>
  );
}

/** A ring that empties as the time runs out; times in milliseconds. */
function Countdown({ left, whole }: { left: number; whole: number }) {
  const seconds = Math.ceil(left / 1000);
  return (
    <svg className="countdown" viewBox="0 0 40 40" role="timer" aria-label={`${seconds} s left`}>
      <circle cx="20" cy="20" r="17" />
      <circle
        className="left"
        cx="20"
        cy="20"
        r="17"
        pathLength="1"
        strokeDasharray="1"
        strokeDashoffset={1 - Math.min(1, left / whole)}
      />
      <text x="20" y="20">
        {seconds}
      </text>
    </svg>
  );
}
