import { useState } from 'react';

import type { JsonObject, SendHalf } from '../contract/contract.ts';
import { type Resolve, reviveDates } from '../contract/schema.ts';
import { DataForm } from '../form/data-form.tsx';
import { fill, type Known } from '../form/known.ts';
import type { Identity } from '../identities/identity.ts';
import { OutcomeView } from './outcome-view.tsx';
import { SourceView } from './source-view.tsx';
import { useSend } from './use-send.ts';

interface SendPanelProps {
  name: string;
  send: SendHalf;
  resolve: Resolve;
  identities: readonly Identity[];
  known: Known;
  onLearn(value: unknown): void;
}

/** The form of an event, filled in with its example and the ids there are; the reply; the code. */
export function SendPanel({
  name,
  send: half,
  resolve,
  identities,
  known,
  onLearn,
}: SendPanelProps) {
  const [chosen, choose] = useState<Identity>();
  const [edited, setEdited] = useState<JsonObject>();
  const [resets, setResets] = useState(0);
  const { outcome, send } = useSend(onLearn);
  const may = ({ user }: Identity) => half.by.includes(user.role);
  const sender =
    identities.find((each) => each === chosen) ?? identities.find(may) ?? identities[0];
  const json = edited ?? fill(half.example, known, sender?.userId);
  const data = { ...Object(reviveDates(json, half.data, resolve)) } as JsonObject;

  return (
    <div className="send">
      <form
        aria-label={`Send ${name}`}
        onSubmit={(submit) => {
          submit.preventDefault();
          if (sender) void send(sender, name, data);
        }}
      >
        <fieldset className="senders">
          <legend>Send as</legend>
          {identities.map((each) => (
            <button
              key={each.user.id}
              type="button"
              className={each.user.role}
              aria-pressed={each === sender}
              title={may(each) ? undefined : `Only ${half.by.join(', ')} may send this.`}
              onClick={() => choose(each)}
            >
              {each.user.name}
              {!may(each) && <small>may not</small>}
            </button>
          ))}
          {!identities.some(may) && (
            <small>Only {half.by.join(', ')} may send this: add one below.</small>
          )}
        </fieldset>
        <DataForm key={resets} send={half} resolve={resolve} data={json} onChange={setEdited} />
        <div className="buttons">
          <button type="submit" className={`main ${sender?.user.role ?? ''}`} disabled={!sender}>
            Send{sender && ` as ${sender.user.name}`}
          </button>
          {edited && (
            <button
              type="button"
              className="quiet"
              onClick={() => {
                setEdited(undefined);
                setResets(resets + 1);
              }}
            >
              Back to the example
            </button>
          )}
        </div>
      </form>
      <div className="answers">
        <OutcomeView outcome={outcome} send={half} />
        {sender && <SourceView name={name} data={data} json={json} user={sender.user} />}
      </div>
    </div>
  );
}
