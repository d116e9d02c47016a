import { expect } from 'vitest';

import { checkRun } from './check-run.ts';
import type { Desk } from './desk.ts';
import type { Finding } from './finding.ts';
import { type Logged, messageName, type Run } from './history.ts';

/** What came of a run. */
export interface Outcome {
  sends: number;
  acknowledged: number;
  /** Replies which say that an earlier try had the effect. */
  replayed: number;
  unknown: number;
  refused: number;
  deliveries: number;
  findings: Finding[];
  /** What clients reported because nobody waits for it. */
  clientErrors: unknown[];
}

/** Waits until everybody has heard what is in the log, and holds everything against everything. */
export async function outcomeOf(desk: Desk, log: readonly Logged[]): Promise<Outcome> {
  await allHeard(desk, log).catch(() => {
    // What is missing is found below, and named.
  });
  const { steps } = desk;
  const listenings = desk.participants.flatMap((participant) => participant.listenings);
  const run: Run = { steps, log, listenings };
  return {
    sends: steps.filter(({ kind }) => kind === 'invoke').length,
    acknowledged: steps.filter(({ kind }) => kind === 'ok').length,
    replayed: steps.filter((step) => step.kind === 'ok' && step.replayed).length,
    unknown: steps.filter(({ kind }) => kind === 'unknown').length,
    refused: steps.filter(({ kind }) => kind === 'fail').length,
    deliveries: listenings.reduce((sum, { heard }) => sum + heard.length, 0),
    findings: checkRun(run),
    clientErrors: desk.participants.flatMap(({ errors }) => errors),
  };
}

/** Whatever went wrong with it: nothing was lost, doubled or out of order, and nobody was refused. */
export function expectClean(outcome: Outcome): void {
  // Each of many tells the same.
  expect(outcome.findings.slice(0, 10)).toEqual([]);
  expect(outcome.clientErrors).toEqual([]);
  expect(outcome.refused).toBe(0);
}

function allHeard({ participants }: Desk, log: readonly Logged[]): Promise<void> {
  const messages = log.filter(({ name }) => name === messageName).toReversed();
  const missing = () =>
    participants
      .filter(({ hears, heardUntil }) => {
        const last = messages.find(({ chatId = '' }) => hears === 'all' || hears.has(chatId));
        return heardUntil < (last?.position ?? 0);
      })
      .map(({ id }) => id);
  return expect.poll(missing, { timeout: 40_000, interval: 50 }).toEqual([]);
}
