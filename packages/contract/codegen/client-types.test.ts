import { expect, test } from 'vitest';

import { generate } from './generate.ts';
import { TemporaryContract, writeEvent } from './temporary-contract.ts';

const types = 'desk/events.gen.ts';
const listen = `{
  audience: ['chat'],
  durable: true,
  data: z.strictObject({ text: z.string() }),
  example: { text: 'Yes.' },
}`;
const files = {
  'contract/events/chats-answer.ts': writeEvent('chats:answer', { listen }),
  'contract/events/chats-ask.ts': writeEvent('chats:ask'),
  'survey/events/survey-ask.ts': writeEvent('survey:ask'),
  'survey/events/survey-end.ts': writeEvent('survey:end'),
};

/** Generates for a client that uses these events. Returns what is stale. */
async function generateFor(
  { root, packages }: TemporaryContract,
  events: string[],
  { check } = { check: false },
): Promise<string[]> {
  const result = await generate({
    root,
    packages: [...packages, { contract: 'survey', handlers: 'survey' }],
    clients: [{ types, events }],
    check,
  });
  return result.files.filter(({ state }) => state === 'stale').map(({ path }) => path);
}

test('a client gets types of the events it uses, of all packages', async () => {
  await using contract = await TemporaryContract.create(files);
  await generateFor(contract, ['survey:ask', 'chats:*']);
  const written = await contract.read(types);
  const names = Array.from(written.matchAll(/^ {2}'(.+)': \{/gm), ([, name]) => name);
  expect(names).toEqual(['chats:answer', 'chats:ask', 'survey:ask', 'chats:answer']);
});

test('they are the types that the package has', async () => {
  await using contract = await TemporaryContract.create(files);
  await generateFor(contract, ['chats:*']);
  expect(await contract.read(types)).toBe(await contract.read('contract/types.gen.ts'));
});

test('they are stale when the client uses others', async () => {
  await using contract = await TemporaryContract.create(files);
  await generateFor(contract, ['survey:ask']);
  expect(await generateFor(contract, ['survey:ask'], { check: true })).toEqual([]);
  expect(await generateFor(contract, ['survey:*'], { check: true })).toEqual([types]);
});

test('a name that no event has is told', async () => {
  await using contract = await TemporaryContract.create(files);
  const generating = generateFor(contract, ['survey:ask', 'survey:asks', 'tickets:*']);
  await expect(generating).rejects.toMatchObject({
    problems: ['survey:asks', 'tickets:*'].map(
      (name) =>
        `parley.config.ts: the client with ${types} uses "${name}"; name an event that there is.`,
    ),
  });
});
