import * as z from 'zod';

import type { EventDefinition, SendHalf } from '../src/define-event.ts';
import { roles } from '../src/roles.ts';
import type { EventFile, LoadedPackage } from './load-package.ts';

/** Fields that name the user an event is about, which not every sender may choose freely. */
const userFields = ['userId', 'creator'];

/** Says what is wrong with the events and handlers of a deployment, a sentence per problem. */
export function lint(packages: readonly LoadedPackage[]): string[] {
  const events = packages.flatMap((each) => each.events);
  return [
    ...packages.flatMap((each) => each.problems),
    ...events.flatMap((file) => lintEvent(file).map((problem) => `${file.path}: ${problem}`)),
    ...findDuplicates(events),
    ...findLostSuccessors(events),
    ...packages.flatMap(findStrayHandlers),
  ];
}

function lintEvent({ baseName, event }: EventFile): string[] {
  const problems: string[] = [];
  const { name, send, listen } = event;
  if (name.replace(':', '-') !== baseName) {
    problems.push(
      `the event "${name}" belongs in ${name.replace(':', '-')}.ts; rename one of them.`,
    );
  }
  if (!send && !listen) problems.push('neither sent nor heard; give it a send or a listen half.');
  problems.push(...lintExample('send', event), ...lintExample('listen', event));
  if (send?.queueable && send.effect === 'ephemeral') {
    problems.push('what only counts now cannot wait; remove send.queueable or send.effect.');
  }
  if (send && mayBeForbidden(send) && !send.errors.includes('FORBIDDEN')) {
    problems.push('not everybody may send everything here; add FORBIDDEN to send.errors.');
  }
  return problems;
}

function lintExample(half: 'send' | 'listen', event: EventDefinition): string[] {
  const definition = event[half];
  if (!definition) return [];
  if (definition.example === undefined) return [`${half}.example is missing; add one.`];
  try {
    const { error } = z.safeParse(definition.data, definition.example);
    return (error?.issues ?? []).map(
      ({ path, message }) => `${[half, 'example', ...path].join('.')} does not parse: ${message}`,
    );
  } catch (cause) {
    return [`${half}.example cannot be parsed: ${cause}`];
  }
}

/** Whether some sender is refused for who they are: a role is left out, or the data names a user. */
function mayBeForbidden({ by, data }: SendHalf): boolean {
  const shape = data instanceof z.ZodObject ? data.shape : {};
  return roles.some((role) => !by.includes(role)) || userFields.some((field) => field in shape);
}

function findDuplicates(events: readonly EventFile[]): string[] {
  const paths = new Map<string, string>();
  return events.flatMap(({ path, event: { name } }) => {
    const other = paths.get(name);
    if (other) return [`${path}: the event "${name}" is in ${other} too; remove one of them.`];
    paths.set(name, path);
    return [];
  });
}

function findLostSuccessors(events: readonly EventFile[]): string[] {
  const names = new Set(events.map(({ event: { name } }) => name));
  return events.flatMap(({ path, event: { name, deprecated } }) => {
    const use = deprecated?.use;
    if (use === undefined || (names.has(use) && use !== name)) return [];
    return [`${path}: deprecated.use names "${use}"; name another event that there is.`];
  });
}

function findStrayHandlers({ events, handlers }: LoadedPackage): string[] {
  const sendable = new Set(
    events.filter(({ event }) => event.send).map(({ baseName }) => baseName),
  );
  return handlers
    .filter(({ baseName }) => !sendable.has(baseName))
    .map(({ path, baseName }) => {
      return `${path}: there is no sendable event in ${baseName}.ts; rename or remove the handler.`;
    });
}
