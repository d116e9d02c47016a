import { type Role, roles } from '../../src/roles.ts';
import type { NewEvent } from './new-event.ts';

/** Somebody of a role, out of those who are there to be refused. */
const people: Record<Role, { from: string; sender: string }> = {
  customer: { from: '({ ann })', sender: 'ann' },
  agent: { from: '({ bob })', sender: 'bob' },
  supervisor: {
    from: 'async ({ server })',
    sender: `(await server.connect({ sub: 'sue', role: 'supervisor' }))`,
  },
  service: { from: '({ backend })', sender: 'backend' },
};

/** Prints one way to each code that the event declares. */
export function printRefusals({ name, send }: NewEvent): string {
  const by = send?.by ?? [];
  const outsider = roles.find((role) => !by.includes(role));
  const way = (code: string, role: Role) =>
    `${code}: ${people[role].from} => ${people[role].sender}.send('${name}', unknownChat),\n`;
  return `import type { Ways } from './every-refusal.test.ts';

const unknownChat = { chatId: 'c_unknown', note: 'Hello' };

const ways: Record<string, Ways> = {
  '${name}': {
    ${outsider ? way('FORBIDDEN', outsider) : ''}${way('NOT_FOUND', by[0] ?? 'service')}
  },
};

export default ways;
`;
}
