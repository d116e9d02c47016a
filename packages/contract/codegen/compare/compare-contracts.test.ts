import { describe, expect, test } from 'vitest';
import * as z from 'zod';

import { defineEvent, type EventDefinition } from '../../src/define-event.ts';
import { defineError } from '../../src/errors.ts';
import { readContract } from '../contract.ts';
import type { Verdict } from './change.ts';
import { compareContracts, judgeEvents, worstOf } from './compare-contracts.ts';
import type { EventRule } from './event-rules.ts';

const name = 'acme:ask';
const text = z.strictObject({ text: z.string() });
const full = (data?: z.ZodType) => defineError('acme.FULL', { message: 'It is full.', data });

const sent = {
  by: ['agent'],
  data: text,
  reply: text,
  errors: ['FORBIDDEN'],
  example: { text: '' },
} as const;
const heard = { audience: ['chat'], durable: true, data: text, example: { text: '' } } as const;

type Parts = Partial<Omit<EventDefinition, 'name'>>;

function ask(parts: Parts, called: `${string}:${string}` = name): EventDefinition {
  const { send, listen, ...decisions } = parts;
  return { ...defineEvent(called, { summary: 'Somebody asks.' }), send, listen, ...decisions };
}

const both = { send: sent, listen: heard };
const [ok, bad] = ['compatible', 'breaking'] as const;

const changes: [rule: EventRule, verdict: Verdict, old: Parts, current: Parts][] = [
  ['send-added', ok, { listen: heard }, both],
  ['send-removed', bad, both, { listen: heard }],
  ['listen-added', ok, { send: sent }, both],
  ['listen-removed', bad, both, { send: sent }],
  ['by-widened', ok, both, { ...both, send: { ...sent, by: ['agent', 'service'] } }],
  ['by-narrowed', bad, { ...both, send: { ...sent, by: ['agent', 'service'] } }, both],
  ['audience-widened', ok, both, { ...both, listen: { ...heard, audience: ['chat', 'room'] } }],
  ['audience-narrowed', bad, { ...both, listen: { ...heard, audience: ['chat', 'room'] } }, both],
  ['made-ephemeral', bad, both, { ...both, listen: { ...heard, durable: false } }],
  ['made-durable', bad, { ...both, listen: { ...heard, durable: false } }, both],
  ['effect-changed', bad, both, { ...both, send: { ...sent, effect: 'none' } }],
  ['effect-changed', bad, { ...both, send: { ...sent, effect: 'none' } }, both],
  ['effect-strengthened', ok, { ...both, send: { ...sent, effect: 'ephemeral' } }, both],
  ['queueable-added', ok, both, { ...both, send: { ...sent, queueable: true } }],
  ['queueable-removed', bad, { ...both, send: { ...sent, queueable: true } }, both],
  ['error-added', bad, both, { ...both, send: { ...sent, errors: ['FORBIDDEN', 'NOT_FOUND'] } }],
  ['error-removed', ok, both, { ...both, send: { ...sent, errors: [] } }],
  [
    'error-data-added',
    ok,
    { send: { ...sent, errors: [full()] } },
    { send: { ...sent, errors: [full(text)] } },
  ],
  [
    'error-data-removed',
    bad,
    { send: { ...sent, errors: [full(text)] } },
    { send: { ...sent, errors: [full()] } },
  ],
];

describe.each(changes)('%s', (rule, verdict, old, current) => {
  test(`is ${verdict}`, () => {
    expect(compare([ask(old)], [ask(current)])).toEqual([
      expect.objectContaining({ event: name, rule, verdict }),
    ]);
  });

  test('without it, nothing has changed', () => {
    expect(compare([ask(old)], [ask(old)])).toEqual([]);
  });
});

describe('an event', () => {
  test('that is new breaks nobody', () => {
    const found = compare([], [ask(both)]);
    expect(found.map(({ rule }) => rule)).toEqual(['send-added', 'listen-added']);
    expect(judgeEvents(found)).toEqual([{ event: name, input: ok, output: ok }]);
  });

  test('that is gone breaks who sends it and who listens to it', () => {
    const found = compare([ask(both)], []);
    expect(found.map(({ rule }) => rule)).toEqual(['send-removed', 'listen-removed']);
    expect(judgeEvents(found)).toEqual([{ event: name, input: bad, output: bad }]);
  });

  test('that changes its reply breaks who gets the reply, and nobody else', () => {
    const reply = z.strictObject({ text: z.string().nullable() });
    const found = compare([ask(both)], [ask({ ...both, send: { ...sent, reply } })]);
    expect(judgeEvents(found)).toEqual([{ event: name, output: bad }]);
    expect(found).toMatchObject([
      { place: 'send.reply.text', why: expect.stringMatching(/^Null is new: senders may/) },
    ]);
  });

  test('has the worst verdict of its changes', () => {
    expect(worstOf([])).toBe('compatible');
    expect(worstOf(['deprecating', 'compatible'])).toBe('deprecating');
    expect(worstOf(['compatible', 'breaking', 'deprecating'])).toBe('breaking');
  });
});

describe('a decision', () => {
  const narrowed: Parts = { ...both, send: { ...sent, data: z.strictObject({}) } };
  const verdicts = (old: EventDefinition[], current: EventDefinition[]) =>
    compare(old, current).map(({ verdict }) => verdict);

  test('deprecated: it is told once, and from then on the event may break', () => {
    const deprecated = { since: '0.2.0', use: 'acme:tell' };
    expect(compare([ask(both)], [ask({ ...both, deprecated })])).toEqual([
      {
        event: name,
        direction: 'input',
        rule: 'deprecated',
        place: 'deprecated',
        verdict: 'deprecating',
        why: 'It is deprecated since 0.2.0; use acme:tell.',
      },
    ]);
    const found = compare([ask({ ...both, deprecated })], [ask({ ...narrowed, deprecated })]);
    expect(found).toMatchObject([
      {
        verdict: 'deprecating',
        why: expect.stringMatching(
          /Decided: it is deprecated since 0.2.0 in favour of acme:tell.$/,
        ),
      },
    ]);
    expect(verdicts([ask({ ...both, deprecated })], [])).toEqual(['deprecating', 'deprecating']);
  });

  test('replaces: an event under a new name takes the place of the old one', () => {
    const replaces = { event: name, since: '0.2.0' };
    const found = compare([ask(both)], [ask({ ...both, replaces }, 'acme:tell')]);
    expect(found.map(({ event, rule, verdict }) => [event, rule, verdict])).toEqual([
      [name, 'send-renamed', 'deprecating'],
      [name, 'listen-renamed', 'deprecating'],
      ['acme:tell', 'send-added', 'compatible'],
      ['acme:tell', 'listen-added', 'compatible'],
    ]);
  });

  test('replaces: an event may take the place of its own earlier form, once per decision', () => {
    const replaces = { event: name, since: '0.2.0' };
    expect(verdicts([ask(both)], [ask({ ...narrowed, replaces })])).toEqual(['deprecating']);
    expect(verdicts([ask({ ...both, replaces })], [ask({ ...narrowed, replaces })])).toEqual([
      'breaking',
    ]);
    const later = { ...replaces, since: '0.3.0' };
    expect(verdicts([ask({ ...both, replaces })], [ask({ ...narrowed, replaces: later })])).toEqual(
      ['deprecating'],
    );
  });

  test('without one, a breaking change stays one', () => {
    expect(verdicts([ask(both)], [ask(narrowed)])).toEqual(['breaking']);
    expect(verdicts([ask(both)], [ask(both, 'acme:tell')])).toContain('breaking');
  });
});

test('events of several packages are compared as one deployment', () => {
  const [one, other] = [readContract([ask(both)]), readContract([ask(both, 'acme:tell')])];
  expect(
    compareContracts([one, other], [readContract([ask(both), ask(both, 'acme:tell')])]),
  ).toEqual([]);
});

test('a model that has changed is told wherever an event uses it', () => {
  const using = (Person: z.ZodType) =>
    ask({ listen: { ...heard, data: z.strictObject({ Person }), example: {} } });
  const old = using(z.strictObject({ age: z.int() }).meta({ id: 'Person' }));
  const current = using(z.strictObject({ age: z.number() }).meta({ id: 'Person' }));
  expect(compare([old], [current])).toMatchObject([
    { rule: 'bound-loosened', place: 'listen.data.Person.age', verdict: 'breaking' },
  ]);
});

function compare(old: readonly EventDefinition[], current: readonly EventDefinition[]) {
  return compareContracts([readContract(old)], [readContract(current)]);
}
