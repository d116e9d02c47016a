import type { Connection } from '../connection.ts';
import { Failure } from '../failure.tsx';
import { useAttempt } from '../use-attempt.ts';
import { useNow } from '../use-now.ts';
import { InvitationCard } from './invitation-card.tsx';
import type { Invitation } from './use-invitations.ts';

export interface InvitationsProps {
  invitations: Invitation[];
  connection: Connection;
  onAccept(chatId: string): void;
  /** The invitation is answered, or cannot be answered any more. */
  onEnd(invitationId: string): void;
}

/** The chats offered to the agent, each until its time is up. */
export function Invitations({ invitations, connection, onAccept, onEnd }: InvitationsProps) {
  const { send } = connection.client;
  const { attempt, failure } = useAttempt();
  const now = useNow(250);

  const answer = async ({ invitationId, chatId }: Invitation, isAccepted: boolean) =>
    attempt(async () => {
      try {
        await send(isAccepted ? 'invitations:accept' : 'invitations:reject', { invitationId });
        if (isAccepted) onAccept(chatId);
      } finally {
        onEnd(invitationId);
      }
    });

  return (
    <>
      <ul className="invitations" aria-label="Invitations" aria-live="polite">
        {invitations
          .filter(({ expiresAt }) => expiresAt > now)
          .map((invitation) => (
            <InvitationCard
              key={invitation.invitationId}
              invitation={invitation}
              now={now}
              onAccept={() => answer(invitation, true)}
              onReject={() => answer(invitation, false)}
            />
          ))}
      </ul>
      <Failure of={failure} />
    </>
  );
}
