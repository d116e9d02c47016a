import { expect, test } from 'vitest';
import * as z from 'zod';

import { defineEvent } from '../../src/define-event.ts';
import { defineError } from '../../src/errors.ts';
import { readJsonSchemas } from '../json-schema.ts';
import { printReference } from './reference.ts';

const Place = z
  .strictObject({ name: z.string().max(20), tags: z.array(z.string().min(1)).max(3) })
  .meta({ id: 'Place' });

const event = defineEvent('acme:move', {
  summary: 'Somebody moves.',
  send: {
    by: ['agent', 'service'],
    effect: 'ephemeral',
    queueable: true,
    data: z.strictObject({
      to: Place,
      how: z.enum(['fast', 'slow']).optional().describe('`fast` unless told'),
      steps: z.array(z.strictObject({ metres: z.number().gt(0) })),
      when: z.date().nullable(),
    }),
    reply: z.strictObject({}),
    errors: [
      'FORBIDDEN',
      defineError('acme.LOST', {
        message: 'The way is lost.',
        data: z.strictObject({ last: Place }),
      }),
    ],
    example: { to: { name: 'Home', tags: [] }, steps: [], when: new Date('2026-01-01T10:00:00Z') },
  },
  listen: { audience: ['user'], durable: false, data: Place, example: { name: 'Home', tags: [] } },
});

const print = () => printReference(readJsonSchemas([event]), (_, code) => Promise.resolve(code));

test('fields come with their types, bounds and descriptions, those of inner objects too', async () => {
  const page = await print();
  expect(page).toContain(
    [
      '| `to` | [`Place`](#type-place) |  |',
      "| `how?` | `'fast'` or `'slow'` | `fast` unless told. |",
      '| `steps` | list of `object` |  |',
      '| `steps[].metres` | `number` | More than 0. |',
      '| `when` | `Date` or `null` |  |',
    ].join('\n'),
  );
  expect(page).toContain(
    [
      '### type `Place`',
      '',
      '| Field | Type |  |',
      '|---|---|---|',
      '| `name` | `string` | At most 20 characters. |',
      '| `tags` | list of `string` | At most 3 entries, each at least 1 character. |',
    ].join('\n'),
  );
});

test('who may send it, what becomes of it and who hears it are said in words', async () => {
  const page = await print();
  expect(page).toContain('| [`acme:move`](#acmemove) | agent, service | user | Somebody moves. |');
  expect(page).toContain(
    '**Sent by** agents and services. It changes only what is true now. A client that is offline sends it later.',
  );
  expect(page).toContain(
    '**Heard by** every connection of the user it concerns. It is not kept: heard at once, or not at all.',
  );
});

test('a refusal comes with its sentence and what it brings', async () => {
  expect(await print()).toContain(
    '| `acme.LOST` | The way is lost. | `data.last`: [`Place`](#type-place) |',
  );
});

test('the example is code to copy', async () => {
  expect(await print()).toContain(
    `await events.send("acme:move", { to: { name: "Home", tags: [] }, steps: [], when: new Date("2026-01-01T10:00:00Z") });`,
  );
});

test('every link leads to a heading', async () => {
  const page = await print();
  const headings = Array.from(page.matchAll(/^#+ (.*)$/gm), ([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );
  const links = Array.from(page.matchAll(/\]\(#([^)]*)\)/g), ([, link]) => link);
  expect(links.length).toBeGreaterThan(3);
  expect(links.filter((link) => !headings.includes(link ?? ''))).toEqual([]);
});
