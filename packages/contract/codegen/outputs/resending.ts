import type { SendHalf } from '../../src/define-event.ts';
import type { EventFile } from '../load-package.ts';
import { header } from './source.ts';

/** Prints which sends a client may repeat or keep, for the outbox of a client that holds no schema. */
export function printResending(events: readonly EventFile[]): string {
  const rules = events.flatMap(({ event: { name, send } }) => {
    const rule = send && ruleOf(send);
    return rule ? [`${JSON.stringify(name)}: '${rule}',`] : [];
  });
  return `${header}/** Which sends the outbox repeats when their connection was cut, and which of them may also wait while offline. */
export const resending = {
${rules.join('\n')}
} as const;
`;
}

/** What is durable has one effect per key, and what only reads has none: both may be sent again. */
function ruleOf({ effect = 'durable', queueable }: SendHalf): string | undefined {
  if (queueable) return 'queueable';
  return effect === 'ephemeral' ? undefined : 'repeatable';
}
