import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { openWorkplace } from '../cli/command.ts';

const small = ['--agents', '5', '--chats', '80', '--hours', '4', '--capacity', '2'];

test('algorithms are the rows of an aligned table, in the order they were asked for', async () => {
  await using workplace = await openWorkplace();
  const words = ['simulate', ...small, '--algorithm', 'random', '--algorithm', 'sticky,priority'];
  const { code, out, errors } = await workplace.run(...words);
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  const [title, , , heading = '', ...rows] = out.trimEnd().split('\n');
  expect(title).toBe('80 chats, 5 agents with room for 2');
  expect(heading).toMatch(/^algorithm +wait p50 +p95 +max +jumps\/chat .* gini +max\/mean/);
  expect(rows.map((row) => row.split(' ', 1)[0])).toEqual(['random', 'sticky', 'priority']);
  expect(new Set(rows.map(({ length }) => length))).toEqual(new Set([heading.length]));
  expect(await workplace.run(...words)).toMatchObject({ out });
});

test('without an algorithm named all are compared, as JSON too', async () => {
  await using workplace = await openWorkplace();
  const { out } = await workplace.run('simulate', ...small, '--json');
  const { chats, agents, algorithms } = JSON.parse(out);
  expect({ chats, agents }).toEqual({ chats: 80, agents: 5 });
  expect(algorithms).toHaveLength(6);
  for (const each of algorithms) {
    expect(each).toMatchObject({
      chats: 80,
      wait: { p50: expect.any(Number), p95: expect.any(Number), max: expect.any(Number) },
      fairness: { gini: expect.any(Number) },
    });
    expect(Object.keys(each.chatsPerAgent)).toHaveLength(5);
    expect(each.loads).toHaveLength(96);
  }
});

test('the plot draws every algorithm into each of three charts', async () => {
  await using workplace = await openWorkplace();
  const algorithms = ['--algorithm', 'least-busy,random'];
  await workplace.run('simulate', ...small, ...algorithms, '--plot', 'routing.svg');
  const plot = await readFile(join(workplace.directory, 'routing.svg'), 'utf8');
  expect(plot).toContain('<title>80 chats, 5 agents with room for 2</title>');
  for (const title of ['How long customers wait', 'How many chats', 'How unevenly']) {
    expect(plot).toContain(title);
  }
  // Once in the legend and once in each chart.
  expect(plot.match(/class="line line-0"/g)).toHaveLength(4);
  expect(plot.match(/class="line line-1"/g)).toHaveLength(4);
  expect(plot).not.toMatch(/NaN|undefined|Infinity/);
});

test('a recorded store is replayed for the agents it remembers, or for others', async () => {
  await using workplace = await openWorkplace({
    PARLEY_JWT_SECRET: 'a secret for tests that is long enough',
  });
  await using server = await workplace.startAndRead('serve', '--port', '0');
  const url = (await server.firstLine).split(' ').at(-1) ?? '';
  const send = async (sub: string, role: string, event: string, data: string) => {
    const { out } = await workplace.run('token', '--sub', sub, '--role', role);
    const { code } = await workplace.run('send', event, data, '--token', out.trim(), '--url', url);
    expect(code).toBe(0);
  };
  const store = ['--store', 'sqlite:data/parley.db', '--algorithm', 'round-robin'];
  await send('ann', 'customer', 'chats:create', '{"room":"sales","source":"shell"}');

  const unstaffed = await workplace.run('simulate', ...store);
  expect(unstaffed).toMatchObject({ code: 2, errors: expect.stringContaining('--agents') });
  const others = await workplace.run('simulate', ...store, '--agents', '2');
  expect(others.out).toContain('1 chat, 2 agents with room for 3');

  await send('bob', 'agent', 'agents:login', '{"rooms":["sales"],"capacity":7}');
  const own = await workplace.run('simulate', ...store);
  expect(own.out).toContain('1 chat, 1 agent with room for 7');
  const other = await workplace.run('simulate', ...store, '--capacity', '4');
  expect(other.out).toContain('1 chat, 1 agent with room for 4');
});

test.each([
  [['--agents', '0'], '--agents is a whole number from 1 to 1000'],
  [['--agents'], '--agents is a whole number'],
  [['--miss-rate', '1.5'], '--miss-rate is a number from 0 to 1'],
  [['--miss-rate', '0.7', '--reject-rate', '0.4'], 'together at most 1'],
  [['--algorithm', 'coin'], 'There is no algorithm "coin". Use some of least-busy, round-robin'],
  [['random'], 'There is no use for "random"'],
  [['--plot', 'nowhere/plot.svg'], 'There is no directory nowhere'],
  [['--store', 'sqlite:x.db', '--chats', '5'], 'Leave out --chats and --hours'],
])('simulate %j is bad usage: one line that says so, and exit code 2', async (words, message) => {
  await using workplace = await openWorkplace();
  const { code, out, errors } = await workplace.run('simulate', ...words);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(errors).toContain(message);
  expect(errors.trimEnd().split('\n')).toHaveLength(1);
});

test('a store that is not there is a failure: exit code 1', async () => {
  await using workplace = await openWorkplace();
  const finished = await workplace.run('simulate', '--store', 'sqlite:nowhere.db');
  expect(finished).toMatchObject({
    code: 1,
    out: '',
    errors: expect.stringContaining('There is no store at sqlite:nowhere.db'),
  });
});
