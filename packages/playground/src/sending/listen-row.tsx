import type { ListenHalf } from '../contract/contract.ts';
import type { Identity } from '../identities/identity.ts';
import { useView } from '../identities/use-identities.ts';

interface ListenRowProps {
  name: string;
  listen: ListenHalf;
  identities: readonly Identity[];
}

/** Who hears the event, and a switch per identity. */
export function ListenRow({ name, listen, identities }: ListenRowProps) {
  const { audience, durable } = listen;
  return (
    <section className="listen" aria-label="Listening">
      <p>
        Heard by {audience.join(', ')}
        {durable ? '; kept in the log' : '; live only'}
      </p>
      <div className="switches">
        {identities.map((identity) => (
          <ListenSwitch key={identity.user.id} name={name} identity={identity} />
        ))}
      </div>
    </section>
  );
}

function ListenSwitch({ name, identity }: { name: string; identity: Identity }) {
  const isListening = useView(identity).listening.has(name);
  return (
    <button
      type="button"
      role="switch"
      className={`switch ${identity.user.role}`}
      aria-checked={isListening}
      onClick={() => (isListening ? identity.ignore(name) : identity.listen(name))}
    >
      {identity.user.name} listens
    </button>
  );
}
