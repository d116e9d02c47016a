import type { Contract, ContractEvent } from '../contract.ts';
import type { Direction } from '../print-types.ts';
import type { Change, Verdict } from './change.ts';
import { changeOf, compareListens, compareSends, type Versioned } from './compare-halves.ts';

/** The verdict on an event: the worst of its changes. Nothing is said of a direction it does not have or that is unchanged. */
export interface EventVerdict {
  event: string;
  input?: Verdict;
  output?: Verdict;
}

const severity: readonly Verdict[] = ['compatible', 'deprecating', 'breaking'];

/** The worst of some verdicts. */
export function worstOf(verdicts: readonly Verdict[]): Verdict {
  return severity.findLast((verdict) => verdicts.includes(verdict)) ?? 'compatible';
}

/** The verdict per event and direction. */
export function judgeEvents(changes: readonly Change[]): EventVerdict[] {
  const names = [...new Set(changes.map(({ event }) => event))];
  return names.map((event) => {
    const verdictOf = (direction: Direction) => {
      const own = changes.filter((each) => each.event === event && each.direction === direction);
      return own.length > 0 && { [direction]: worstOf(own.map(({ verdict }) => verdict)) };
    };
    return { event, ...verdictOf('input'), ...verdictOf('output') };
  });
}

/** Says what has changed between two versions of the packages of a deployment, by event. */
export function compareContracts(old: readonly Contract[], current: readonly Contract[]): Change[] {
  const [before, after] = [byName(old), byName(current)];
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return names.flatMap((name) => {
    const [was, is] = [before.get(name), after.get(name)];
    if (!is) return was ? compareGone(name, was.event, after) : [];
    const changes = compareEvents(name, was, is);
    return excuse(changes, decisionOf(name, was?.event, is.event));
  });
}

function byName(contracts: readonly Contract[]): Map<string, Versioned> {
  return new Map(
    contracts.flatMap(({ events, models }) =>
      Object.entries(events).map(([name, event]) => [name, { event, models }] as const),
    ),
  );
}

function compareEvents(name: string, was: Versioned | undefined, is: Versioned): Change[] {
  const send = compareSends(name, was, is);
  const listen = compareListens(name, was, is);
  const { deprecated } = is.event;
  if (!deprecated || was?.event.deprecated) return [...send, ...listen];
  const since = `since ${deprecated.since}`;
  const why = `It is deprecated ${since}${deprecated.use ? `; use ${deprecated.use}` : ''}.`;
  const direction = is.event.send ? 'input' : 'output';
  const change: Change = {
    event: name,
    direction,
    rule: 'deprecated',
    place: 'deprecated',
    verdict: 'deprecating',
    why,
  };
  return [change, ...send, ...listen];
}

/** An event that is no more; another one may have taken its place. */
function compareGone(
  name: string,
  was: ContractEvent,
  after: ReadonlyMap<string, Versioned>,
): Change[] {
  const [successor, { event: successorEvent } = {}] =
    [...after].find(([, { event }]) => event.replaces?.event === name) ?? [];
  const to = successor === undefined ? 'gone' : `${successor} now`;
  const end = successor === undefined ? 'removed' : 'renamed';
  const changes = [
    ...(was.send ? [changeOf(name, `send-${end}`, 'send', `It is ${to}`)] : []),
    ...(was.listen ? [changeOf(name, `listen-${end}`, 'listen', `It is ${to}`)] : []),
  ];
  if (successorEvent?.replaces) {
    return excuse(changes, `${successor} replaces it since ${successorEvent.replaces.since}`);
  }
  return excuse(changes, was.deprecated && `it was deprecated since ${was.deprecated.since}`);
}

/** What the contract says to a breaking change of an event. One that others were told of before says nothing new. */
function decisionOf(
  name: string,
  was: ContractEvent | undefined,
  { deprecated, replaces }: ContractEvent,
): string | undefined {
  if (deprecated) {
    const { since, use } = deprecated;
    return `it is deprecated since ${since}${use === undefined ? '' : ` in favour of ${use}`}`;
  }
  const isTold = was?.replaces?.event === name && was.replaces.since === replaces?.since;
  return replaces?.event === name && !isTold
    ? `it replaces its earlier form since ${replaces.since}`
    : undefined;
}

function excuse(changes: readonly Change[], decision: string | undefined): Change[] {
  if (decision === undefined) return [...changes];
  return changes.map((change) =>
    change.verdict === 'breaking'
      ? { ...change, verdict: 'deprecating', why: `${change.why} Decided: ${decision}.` }
      : change,
  );
}
