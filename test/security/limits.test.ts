import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { createLimits, limitMetric, limitTable } from '@parley/server';
import { expect, test } from 'vitest';

import { openWorkplace } from '../cli/command.ts';

const document = resolve(import.meta.dirname, '../../docs/limits.md');

/** Every limit as docs/limits.md shows it. */
function rows(): string[] {
  return Object.entries(limitTable).map(([name, { usual, unit, answer, says }]) => {
    const amount = `${usual.toLocaleString('en')} ${unit}`;
    return `| \`${name}\` | ${amount} | ${consequence(answer)} | ${says} |`;
  });
}

interface Answer {
  error?: string;
  close?: number;
  status?: number;
  instead?: string;
}

function consequence({ error, close, status, instead }: Answer): string {
  const parts = [
    error && `\`${error}\``,
    close && `closed with ${close}`,
    status && `HTTP ${status}`,
    instead,
  ];
  return parts.filter(Boolean).join(', then ');
}

test('docs/limits.md shows the table of the limits as it is, and the metric', async () => {
  const text = await readFile(document, 'utf8');
  const shown = text.split('\n').filter((line) => line.startsWith('| `'));
  expect(shown.join('\n')).toBe(rows().join('\n'));
  expect(text).toContain(`\`${limitMetric}{limit="frameBytes"}\``);
});

test('a limit that is not given is as usual, and 0 is none', () => {
  const limits = createLimits({ framesPerSecond: 0, inFlight: 7 });
  expect(limits).toMatchObject({ framesPerSecond: Infinity, inFlight: 7, frameBytes: 65_536 });
});

test.each([
  ['{"framesPerSeconds":1}', 'There is no limit "framesPerSeconds". Use: frameBytes, '],
  ['{"inFlight":-1}', 'The limit inFlight cannot be -1. Use a whole number, or 0 for none.'],
  ['{"inFlight":"many"}', 'The limit inFlight cannot be "many".'],
  ['{"inFlight":1.5}', 'The limit inFlight cannot be 1.5.'],
  [
    '{"callsPerFrame":15}',
    'The limit callsPerFrame cannot be 15, for clients bring up to 16. Use 16 or more, or 0 for none.',
  ],
  ['{"constructor":1}', 'There is no limit "constructor".'],
  ['[]', 'PARLEY_LIMITS is no JSON object.'],
  ['50', 'PARLEY_LIMITS is no JSON object.'],
])(
  'a server whose PARLEY_LIMITS is %s says what is wrong, and exits with 2',
  async (text, says) => {
    await using workplace = await openWorkplace({ PARLEY_LIMITS: text });
    const { code, out, errors } = await workplace.run('serve', '--port', '0');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(errors).toContain(says);
  },
);
