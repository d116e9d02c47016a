import { expect, test } from 'vitest';

import { writeCommand, writeTypeScript } from './source.ts';

const url = 'ws://127.0.0.1:4455/events';

test('data is written as somebody would write it', () => {
  const at = new Date('2026-01-01T10:00:00Z');
  const data = { text: 'It\'s "5"\n', at, list: [1, true, null], 'a-b': {}, long: 'x'.repeat(30) };
  expect(writeTypeScript(url, 'chats:ask', data)).toContain(`events.send('chats:ask', {
  text: 'It\\'s "5"\\n',
  at: new Date('2026-01-01T10:00:00.000Z'),
  list: [1, true, null],
  'a-b': {},
  long: '${'x'.repeat(30)}',
});`);
});

test('a command is safe with quotes in it', () => {
  const user = { id: 'ann', name: "Ann O'Hara", role: 'customer' } as const;
  expect(writeCommand(url, 'chats:ask', { text: "It's" }, user)).toBe(
    `TOKEN=$(pnpm -s parley token --sub ann --role customer --name 'Ann O'\\''Hara')
pnpm parley send chats:ask '{"text":"It'\\''s"}' \\
  --url ${url} --token "$TOKEN"`,
  );
});
