import type { Record } from '../stream.ts';
import { Failure } from '../failure.tsx';
import { PanelHead } from '../panel-head.tsx';
import { useAttempt } from '../use-attempt.ts';
import { useChats } from '../use-chats.ts';
import { useConnection } from '../use-connection.ts';
import { useNewest } from '../use-newest.ts';
import { CustomerChat } from './customer-chat.tsx';
import { StartForm } from './start-form.tsx';

/** The customer's side: a widget as it would sit in the corner of a shop's page. */
export function Customer({ record }: { record: Record }) {
  const { connection, signIn } = useConnection('customer', record);
  const chats = useChats(connection);
  const places = useNewest(connection?.client, 'queues:update', ({ chatId }) => chatId);
  const presence = useNewest(connection?.client, 'users:presence', ({ userId }) => userId);
  const { attempt, busy, failure } = useAttempt();
  const chat = chats?.at(-1);

  const start = (name: string, room: string, question: string) =>
    attempt(async () => {
      const { client } = await signIn(name);
      const created = await client.chats.create({ room, source: 'support-desk' });
      try {
        if (question) await created.sendMessage(question);
      } finally {
        // The list of the user's chats has an object of its own.
        created.dispose();
      }
    });

  return (
    <section className="panel customer" aria-label="Customer">
      <PanelHead title="Customer" connection={connection} />
      {connection && !chats ? <p className="empty">Connecting…</p> : null}
      {connection && chat ? (
        <CustomerChat
          key={chat.id}
          chat={chat}
          connection={connection}
          queuePosition={places[chat.id]?.queuePosition}
          isAgentOffline={presence[chat.agentId ?? '']?.online === false}
        />
      ) : null}
      <Failure of={failure} />
      {connection && (chat || !chats) ? null : (
        <StartForm name={connection?.user.name ?? 'Ann'} busy={busy} onStart={start} />
      )}
    </section>
  );
}
