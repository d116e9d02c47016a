import { useEffect, useRef } from 'react';

import type { PlaygroundEvent } from '../contract/contract.ts';
import type { Resolve } from '../contract/schema.ts';
import type { Known } from '../form/known.ts';
import type { Identity } from '../identities/identity.ts';
import { Json } from '../json.tsx';
import { ListenRow } from './listen-row.tsx';
import { SendPanel } from './send-panel.tsx';

/** What sending does, by the contract's word for it. */
const effects: Readonly<Record<string, string>> = {
  durable: 'a reply means that it is on stable storage',
  ephemeral: 'it is not kept',
  none: 'it only reads',
};

interface EventPageProps {
  event: PlaygroundEvent;
  resolve: Resolve;
  identities: readonly Identity[];
  known: Known;
  onLearn(value: unknown): void;
}

/** One event: what it is, the form to send it, and who listens to it. */
export function EventPage({ event, ...rest }: EventPageProps) {
  const { name, summary, send, listen, deprecated } = event;
  const article = useRef<HTMLElement>(null);
  // Whoever has chosen it in a page that is scrolled wants to see it.
  useEffect(() => {
    const top = article.current?.getBoundingClientRect().top ?? 0;
    if (top < 0 || top > innerHeight / 2) article.current?.scrollIntoView();
  }, [name]);
  return (
    <article className="event" aria-label={name} ref={article}>
      <header>
        <h2>{name}</h2>
        <p>{summary}</p>
        {send && (
          <small>
            Sent by {send.by.join(', ')}; {effects[send.effect] ?? send.effect}
          </small>
        )}
        {deprecated && (
          <p className="notice">
            Deprecated since {deprecated.since}
            {deprecated.use !== undefined && `; use ${deprecated.use}`}.
          </p>
        )}
      </header>
      {send && <SendPanel name={name} send={send} {...rest} />}
      {listen && <ListenRow name={name} listen={listen} identities={rest.identities} />}
      {listen && !send && (
        <section className="example" aria-label="Example">
          <h3>An occurrence carries</h3>
          <Json value={listen.example} />
        </section>
      )}
    </article>
  );
}
