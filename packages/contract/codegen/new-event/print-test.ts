import { type Role, roles } from '../../src/roles.ts';
import type { NewEvent } from './new-event.ts';

/** A line that makes somebody of a role, of whom the others of the chat are not known; ann and bob are in it. */
const people: Record<Role, { name: string; line: string }> = {
  customer: { name: 'ann', line: '' },
  agent: { name: 'bob', line: '' },
  supervisor: { name: 'sue', line: '  const sue = await supervisor(server);\n' },
  service: { name: 'backend', line: '  const backend = await service(server);\n' },
};

/** Prints the test of an event of the core: on a real server, with real clients. */
export function printTest({ name, send, listen }: NewEvent): string {
  const tests = send
    ? [
        printSend(name, send.by, listen !== undefined),
        printForbidden(name, send.by),
        printUnseen(name, send.by),
      ]
    : [printListen(name)];
  const source = tests.filter((each) => each !== undefined).join('\n');
  const harness = [
    'activeChat',
    'expectUnseen',
    'refusalCode',
    'service',
    'startServer',
    'supervisor',
  ];
  const imports = harness.filter((each) => source.includes(`${each}(`));
  return `import { expect, test } from 'vitest';

import { ${imports.join(', ')} } from '../harness.ts';

${source}`.replace(source.includes('expect(') ? '' : 'expect, ', '');
}

function printSend(name: string, [role = 'service']: readonly Role[], isHeard: boolean): string {
  const sender = people[role];
  const needsSue = isHeard && role !== 'supervisor';
  const listener = isHeard
    ? `${needsSue ? people.supervisor.line : ''}  const sueHears = await sue.listen('${name}');\n`
    : '';
  const heard = isHeard
    ? `  expect((await sueHears.next()).data).toEqual({ chatId, note: 'Hello' });\n`
    : '';
  return `test('${name} is sent${isHeard ? ' and heard' : ' and answered'}', async () => {
  await using server = await startServer();
  const { ${sender.line ? '' : `${sender.name}, `}chatId } = await activeChat(server);
${sender.line}${listener}
  const reply = await ${sender.name}.send('${name}', { chatId, note: 'Hello' });

  expect(reply).toEqual({ done: true });
${heard}});
`;
}

function printForbidden(name: string, by: readonly Role[]): string | undefined {
  const role = roles.find((each) => !by.includes(each));
  if (!role) return undefined;
  const sender = people[role];
  return `test('${name} is not for a ${role}', async () => {
  await using server = await startServer();
  const { ${sender.line ? '' : `${sender.name}, `}chatId } = await activeChat(server);
${sender.line}  const refused = ${sender.name}.send('${name}', { chatId, note: 'Hello' });
  expect(await refusalCode(refused)).toBe('FORBIDDEN');
});
`;
}

function printUnseen(name: string, [role = 'service']: readonly Role[]): string {
  const send = `(to: string) => stranger.send('${name}', { chatId: to, note: 'Hello' })`;
  const seesAll = role === 'supervisor' || role === 'service';
  return `test('${name} in a chat that may not be seen is as in none', async () => {
  await using server = await startServer();
${seesAll ? '' : '  const { chatId } = await activeChat(server);\n'}  const stranger = await server.connect({ sub: 'stranger', role: '${role}' });
  const send = ${send};
  ${
    seesAll
      ? `expect(await refusalCode(send('c_unknown'))).toBe('NOT_FOUND');`
      : `await expectUnseen(send(chatId), send('c_unknown'));`
  }
});
`;
}

function printListen(name: string): string {
  return `test('${name} can be listened to', async () => {
  await using server = await startServer();
  const { ann } = await activeChat(server);
  const annHears = await ann.listen('${name}');
  await ann.caughtUp();
  expect(annHears.heard).toEqual([]);
});
`;
}
