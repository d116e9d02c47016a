import type { Contract, ContractEvent, ContractListen, ContractSend } from '../contract.ts';
import type { Direction } from '../print-types.ts';
import type { Shape } from '../shapes/shape.ts';
import type { Change } from './change.ts';
import { compareShapes } from './compare-shapes.ts';
import { eventRules, type EventRule } from './event-rules.ts';

/** An event and the models that its shapes name. */
export interface Versioned {
  event: ContractEvent;
  models: Contract['models'];
}

/** How sending an event has changed. */
export function compareSends(event: string, was: Versioned | undefined, is: Versioned): Change[] {
  const [old, current] = [was?.event.send, is.event.send];
  const change = (rule: EventRule, place: string, fact: string) =>
    changeOf(event, rule, `send${place}`, fact);
  if (!old || !current || !was) {
    if (!old && !current) return [];
    return [
      current
        ? change('send-added', '', 'It can be sent')
        : change('send-removed', '', 'It cannot be sent any more'),
    ];
  }
  return [
    ...compareSets(old.by, current.by).map(({ added, name }) =>
      added
        ? change('by-widened', '.by', `Also ${name}s may send it`)
        : change('by-narrowed', '.by', `No ${name} may send it`),
    ),
    ...compareEffects(old, current).map((rule) =>
      change(rule, '.effect', `Its effect is ${current.effect}, was ${old.effect}`),
    ),
    ...compareQueueing(old, current).map((rule) =>
      change(rule, '.queueable', `It is ${current.queueable ? 'now' : 'no longer'} queueable`),
    ),
    ...compareData(event, 'input', 'send.data', [was, old.data], [is, current.data]),
    ...compareData(event, 'output', 'send.reply', [was, old.reply], [is, current.reply]),
    ...compareErrors(event, [was, old], [is, current]),
  ];
}

function compareEffects(old: ContractSend, current: ContractSend): EventRule[] {
  if (old.effect === current.effect) return [];
  const isStronger = old.effect === 'ephemeral' && current.effect === 'durable';
  return [isStronger ? 'effect-strengthened' : 'effect-changed'];
}

function compareQueueing(old: ContractSend, current: ContractSend): EventRule[] {
  if (old.queueable === current.queueable) return [];
  return [current.queueable ? 'queueable-added' : 'queueable-removed'];
}

function compareErrors(
  event: string,
  [was, old]: [Versioned, ContractSend],
  [is, current]: [Versioned, ContractSend],
): Change[] {
  const codes = new Set([...Object.keys(old.errors), ...Object.keys(current.errors)]);
  return [...codes].toSorted().flatMap((code) => {
    const [before, after] = [old.errors[code], current.errors[code]];
    const place = `send.errors.${code}`;
    if (before === undefined) return [changeOf(event, 'error-added', place, `${code} is new`)];
    if (after === undefined) return [changeOf(event, 'error-removed', place, `${code} is gone`)];
    if (before && after) return compareData(event, 'output', place, [was, before], [is, after]);
    if (after) return [changeOf(event, 'error-data-added', place, `${code} comes with data`)];
    if (!before) return [];
    return [changeOf(event, 'error-data-removed', place, `${code} comes without data`)];
  });
}

/** How listening to an event has changed. */
export function compareListens(event: string, was: Versioned | undefined, is: Versioned): Change[] {
  const [old, current] = [was?.event.listen, is.event.listen];
  const change = (rule: EventRule, place: string, fact: string) =>
    changeOf(event, rule, `listen${place}`, fact);
  if (!old || !current || !was) {
    if (!old && !current) return [];
    return [
      current
        ? change('listen-added', '', 'It can be listened to')
        : change('listen-removed', '', 'It cannot be listened to any more'),
    ];
  }
  return [
    ...compareSets(old.audience, current.audience).map(({ added, name }) =>
      added
        ? change('audience-widened', '.audience', `It may also go to the audience "${name}"`)
        : change('audience-narrowed', '.audience', `It never goes to the audience "${name}"`),
    ),
    ...compareDurability(old, current).map((rule) =>
      change(rule, '.durable', `It is ${current.durable ? 'kept in the log' : 'ephemeral'} now`),
    ),
    ...compareData(event, 'output', 'listen.data', [was, old.data], [is, current.data]),
  ];
}

function compareDurability(old: ContractListen, current: ContractListen): EventRule[] {
  if (old.durable === current.durable) return [];
  return [current.durable ? 'made-durable' : 'made-ephemeral'];
}

function compareData(
  event: string,
  direction: Direction,
  place: string,
  [was, old]: [Versioned, Shape],
  [is, current]: [Versioned, Shape],
): Change[] {
  const who = place.startsWith('send') ? 'senders' : 'listeners';
  return compareShapes(
    { shape: old, models: was.models[direction] },
    { shape: current, models: is.models[direction] },
    { direction, place },
  ).map(({ rule, place: at, fact, breaks, because }) => ({
    event,
    direction,
    rule,
    place: at,
    verdict: breaks ? 'breaking' : 'compatible',
    why: sentence(fact, because.replace('{who}', who)),
  }));
}

function compareSets(old: readonly string[], current: readonly string[]) {
  const removed = old.filter((name) => !current.includes(name));
  const added = current.filter((name) => !old.includes(name));
  return [
    ...removed.map((name) => ({ added: false, name })),
    ...added.map((name) => ({ added: true, name })),
  ];
}

export function changeOf(event: string, rule: EventRule, place: string, fact: string): Change {
  const { direction, breaks, because } = eventRules[rule];
  const verdict = breaks ? 'breaking' : 'compatible';
  return { event, direction, rule, place, verdict, why: sentence(fact, because) };
}

function sentence(fact: string, because: string): string {
  return `${fact.charAt(0).toUpperCase()}${fact.slice(1)}: ${because}.`;
}
