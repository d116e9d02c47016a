import * as z from 'zod';

import { commonErrors, declarableErrors, type ErrorDefinition } from '../../src/errors.ts';
import type { EventFile } from '../load-package.ts';
import { printValue } from '../reference/print-value.ts';
import { header, type CoreModule } from './source.ts';

/** Prints the examples of all events, and the sentence of each code that they can be refused with. */
export function printFixtures(events: readonly EventFile[], core: CoreModule): string {
  const sent: [string, unknown][] = [];
  const heard: [string, unknown][] = [];
  const declared: ErrorDefinition[] = [];
  for (const { name, send, listen } of events.map(({ event }) => event)) {
    if (send) sent.push([name, send.example]);
    if (listen) {
      const { data, durable, example } = listen;
      heard.push([name, { data: z.parse(data, example), durable }]);
    }
    for (const error of send?.errors ?? []) {
      declared.push(typeof error === 'string' ? declarableErrors[error] : error);
    }
  }
  const errors = [...Object.values(commonErrors), ...declared].map(
    ({ code, message, retryable }) => [code, { message, retryable }],
  );

  return `${header}import type { Fixtures } from '${core('fixtures')}';
import type { ListenEvents, SendEvents } from './types.gen.ts';

/** The examples of all events, and what the server says with each code. */
export const fixtures: Fixtures<SendEvents, ListenEvents> = {
send: ${printValue(Object.fromEntries(sent))},
listen: ${printValue(Object.fromEntries(heard))},
errors: ${printValue(Object.fromEntries(errors))},
};
`;
}
