import { useReducer } from 'react';

import type { Contract } from './contract/contract.ts';
import { EventList } from './contract/event-list.tsx';
import { useSelected } from './contract/use-selected.ts';
import { learn, type Known } from './form/known.ts';
import { AddIdentity } from './identities/add-identity.tsx';
import { IdentityPanel } from './identities/identity-panel.tsx';
import { useIdentities } from './identities/use-identities.ts';
import { EventPage } from './sending/event-page.tsx';

const nothingKnown: Known = {};

/** The events of a server on the left, one of them to send and to listen to, and below it who does. */
export function Playground({ contract }: { contract: Contract }) {
  const [known, onLearn] = useReducer(learn, nothingKnown);
  const identities = useIdentities(contract.events, onLearn);
  const [selected, select] = useSelected(contract.events);
  return (
    <div className="playground">
      <EventList events={contract.events} selected={selected} onSelect={select} />
      <main>
        {selected && (
          <EventPage
            key={selected.name}
            event={selected}
            resolve={contract.resolve}
            identities={identities.all}
            known={known}
            onLearn={onLearn}
          />
        )}
        <section className="identities" aria-label="Identities">
          {identities.all.map((identity) => (
            <IdentityPanel
              key={identity.user.id}
              identity={identity}
              onRemove={identities.all.length > 1 ? () => identities.remove(identity) : undefined}
            />
          ))}
          <AddIdentity onAdd={identities.add} />
        </section>
      </main>
    </div>
  );
}
