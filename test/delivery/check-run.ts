import { checkListening } from './check-listening.ts';
import type { Fault, Finding } from './finding.ts';
import { type Invoke, type Logged, messageName, type Ok, type Run, type Step } from './history.ts';

/** A send from its begin to its end, and what it has done to the log. */
interface Send {
  invoke: Invoke;
  invokedAt: number;
  ends: Step[];
  endedAt: number;
  effects: Logged[];
}

/** Holds what clients know against the log, and the log against what each listener heard. No finding: all is well. */
export function checkRun({ steps, log, listenings }: Run): Finding[] {
  const messages = log.filter(({ name }) => name === messageName);
  const sends = gather(steps);
  return [
    ...attribute(sends, messages),
    ...Array.from(sends.values()).flatMap(checkSend),
    ...checkDensity(log),
    ...checkTime(sends),
    ...checkClients(sends),
    ...listenings.flatMap((listening) => checkListening(listening, messages)),
  ];
}

function gather(steps: readonly Step[]): Map<string, Send> {
  const sends = new Map<string, Send>();
  for (const [index, step] of steps.entries()) {
    if (step.kind === 'invoke') {
      sends.set(step.key, {
        invoke: step,
        invokedAt: index,
        ends: [],
        endedAt: Infinity,
        effects: [],
      });
    } else {
      const send = sends.get(step.key);
      if (!send) throw new Error(`The history ends a send that never began: ${step.key}.`);
      send.ends.push(step);
      send.endedAt = Math.min(send.endedAt, index);
    }
  }
  return sends;
}

/** Gives each message to the send that caused it. */
function attribute(sends: Map<string, Send>, messages: readonly Logged[]): Finding[] {
  const findings: Finding[] = [];
  for (const message of messages) {
    const send = message.key === undefined ? undefined : sends.get(message.key);
    if (send) send.effects.push(message);
    else findings.push({ fault: 'nobody sent it', detail: JSON.stringify(message) });
  }
  return findings;
}

function checkSend({ invoke, ends, effects }: Send): Finding[] {
  const findings: Finding[] = [];
  const find = (fault: Fault) =>
    findings.push({ fault, detail: JSON.stringify({ invoke, ends, effects }) });
  const [end] = ends;
  if (!end || ends.length > 1) find('not ended once');
  if (end?.kind === 'ok' && effects.length === 0) find('acknowledged send lost');
  if (end?.kind === 'fail' && effects.length > 0) find('failed send in the log');
  if (effects.length > 1) find(end?.kind === 'unknown' ? 'unknown send twice' : 'doubled effect');
  if (!effects.every((effect) => isOf(invoke, effect))) find('wrong data in the log');
  if (end?.kind === 'ok' && effects.length > 0 && !effects.some((effect) => isAt(end, effect)))
    find('reply names another place');
  return findings;
}

function isOf({ client, chatId, text }: Invoke, effect: Logged): boolean {
  return effect.author === client && effect.chatId === chatId && effect.text === text;
}

function isAt({ seq }: Ok, effect: Logged): boolean {
  return effect.seq === seq;
}

/** Positions count 1, 2, 3 …, and so do the seqs of each chat. */
function checkDensity(log: readonly Logged[]): Finding[] {
  const findings: Finding[] = [];
  const lastOf = new Map<string, number>();
  let last = 0;
  for (const { position, chatId, seq } of log) {
    if (position !== last + 1) {
      findings.push({ fault: 'gap in the log', detail: `${position} comes after ${last}` });
    }
    last = position;
    if (chatId === undefined || seq === undefined) continue;
    const lastSeq = lastOf.get(chatId) ?? 0;
    if (seq !== lastSeq + 1) {
      const detail = `in ${chatId}, ${seq} comes after ${lastSeq}, at position ${position}`;
      findings.push({ fault: 'gap in a chat', detail });
    }
    lastOf.set(chatId, seq);
  }
  return findings;
}

/** A send that began after another was acknowledged comes later in the log. */
function checkTime(sends: Map<string, Send>): Finding[] {
  const findings: Finding[] = [];
  /** Of all that come later in the log, the one that was acknowledged first. */
  let earliest: Send | undefined;
  const placed = Array.from(sends.values())
    .filter(({ effects }) => effects.length > 0)
    .toSorted((one, other) => placeOf(other) - placeOf(one));
  for (const send of placed) {
    if (earliest && earliest.endedAt < send.invokedAt) {
      const detail = `${JSON.stringify(send)} began after the end of ${JSON.stringify(earliest)}`;
      findings.push({ fault: 'order against time', detail });
    }
    if (send.ends[0]?.kind === 'ok' && send.endedAt < (earliest?.endedAt ?? Infinity)) {
      earliest = send;
    }
  }
  return findings;
}

/** What one client sends in one chat comes in the order it was sent in. */
function checkClients(sends: Map<string, Send>): Finding[] {
  const findings: Finding[] = [];
  const lastOf = new Map<string, Send>();
  for (const send of sends.values()) {
    if (send.effects.length === 0) continue;
    const { client, chatId } = send.invoke;
    const place = `${client} in ${chatId}`;
    const last = lastOf.get(place);
    if (last && placeOf(last) > placeOf(send)) {
      const detail = `${JSON.stringify(send)} comes before ${JSON.stringify(last)}`;
      findings.push({ fault: 'order of a client', detail });
    }
    lastOf.set(place, send);
  }
  return findings;
}

function placeOf({ effects }: Send): number {
  return effects[0]?.position ?? Infinity;
}
