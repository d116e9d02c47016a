import type { EventFile } from './load-package.ts';
import type { ReportProblem } from './print-types.ts';

/** Flat types of only those events that a client uses, for one that uses few of many. */
export interface ClientTypes {
  /** The file that gets them, from the root of the repository. */
  types: string;
  /** The names of events of any packages; `chats:*` is all that begin like this. */
  events: string[];
}

/** The events that a client uses, sorted by name. Says which of its names there are no events for. */
export function eventsOfClient(
  { types, events: names }: ClientTypes,
  files: readonly EventFile[],
  report: ReportProblem,
): EventFile[] {
  for (const name of names) {
    if (files.some(({ event }) => isMeant(name, event.name))) continue;
    report(
      `parley.config.ts: the client with ${types} uses "${name}"; name an event that there is.`,
    );
  }
  return files
    .filter(({ event }) => names.some((name) => isMeant(name, event.name)))
    .toSorted(({ event: one }, { event: other }) => (one.name < other.name ? -1 : 1));
}

function isMeant(name: string, event: string): boolean {
  return name.endsWith(':*') ? event.startsWith(name.slice(0, -1)) : event === name;
}
