import type { EventFile } from '../load-package.ts';
import { header } from './source.ts';

/** Prints the names of all events, for programs that need no schemas. */
export function printNames(events: readonly EventFile[]): string {
  const names = (half: 'send' | 'listen') =>
    events.filter(({ event }) => event[half]).map(({ event }) => JSON.stringify(event.name));

  return `${header}/** The names of the events that can be sent. */
export const sendEventNames = [${names('send').join(', ')}] as const;

/** The names of the events that can be listened to. */
export const listenEventNames = [${names('listen').join(', ')}] as const;

export type SendEventName = (typeof sendEventNames)[number];
export type ListenEventName = (typeof listenEventNames)[number];
`;
}
