import { Failure } from '../failure.tsx';
import { PanelHead } from '../panel-head.tsx';
import type { Record } from '../stream.ts';
import { useAttempt } from '../use-attempt.ts';
import { useConnection } from '../use-connection.ts';
import { Desk } from './desk.tsx';
import { LoginForm } from './login-form.tsx';

/** The agent's side: the desk of somebody who answers. */
export function Agent({ record }: { record: Record }) {
  const { connection, signIn, signOut } = useConnection('agent', record);
  const { attempt, busy, failure } = useAttempt();

  const logIn = (name: string, rooms: string[], capacity: number) =>
    attempt(async () => {
      const { client } = await signIn(name);
      await client.send('agents:login', { rooms, capacity });
    });

  const logOut = () =>
    attempt(async () => {
      await connection?.client.send('agents:logout', {});
      signOut();
    });

  const form = <LoginForm name={connection?.user.name ?? 'Bob'} busy={busy} onLogIn={logIn} />;

  return (
    <section className="panel agent" aria-label="Agent">
      <PanelHead title="Agent" connection={connection} />
      <Failure of={failure} />
      {connection ? (
        <Desk key={connection.user.id} connection={connection} otherwise={form} onLogOut={logOut} />
      ) : (
        form
      )}
    </section>
  );
}
