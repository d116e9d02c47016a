import type { Record } from '../stream.ts';
import { Failure } from '../failure.tsx';
import { PanelHead } from '../panel-head.tsx';
import { useAttempt } from '../use-attempt.ts';
import { useConnection } from '../use-connection.ts';
import { CustomerChat } from './customer-chat.tsx';
import { StartForm } from './start-form.tsx';

/** The customer's side: a widget as it would sit in the corner of a shop's page. */
export function Customer({ record }: { record: Record }) {
  const { connection, signIn } = useConnection('customer', record);
  const { attempt, busy, failure } = useAttempt();

  const start = (name: string, room: string, question: string) =>
    attempt(async () => {
      const { send } = await signIn(name);
      const { chat } = await send('chats:create', { room, source: 'support-desk' });
      if (question) await send('messages:send', { chatId: chat.id, message: question });
    });

  const form = (
    <>
      <Failure of={failure} />
      <StartForm name={connection?.user.name ?? 'Ann'} busy={busy} onStart={start} />
    </>
  );

  return (
    <section className="panel customer" aria-label="Customer">
      <PanelHead title="Customer" connection={connection} />
      {connection ? (
        <CustomerChat key={connection.user.id} connection={connection} otherwise={form} />
      ) : (
        form
      )}
    </section>
  );
}
