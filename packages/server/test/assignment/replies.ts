import { isDeepStrictEqual } from 'node:util';

import type { Model } from './model.ts';
import type { LoggedOccurrence } from './occurrence.ts';
import type { Act, Claim } from './script.ts';
import type { Outcome } from './world.ts';

/** A send that has ended; they end in the order of the log. */
export interface Finished {
  act: Act;
  outcome: Outcome;
}

/** What is to be known of a step to judge its replies. */
export interface Step {
  finished: readonly Finished[];
  occurrences: readonly LoggedOccurrence[];
  /** The invitations that were pending when it began. */
  pending: ReadonlySet<string>;
}

/** Of those who would have a chat in one turn one wins, and nobody by an invitation that has ended. */
export function checkClaims(model: Model, step: Step): void {
  const winners = new Map<string, string>();
  for (const { act, outcome } of step.finished) {
    const { claim, key } = act;
    if (!claim || !('reply' in outcome)) continue;
    const { chatId, agentId, invitationId } = claim;
    const took = step.occurrences.some(
      ({ name, cause, data }) => name === 'chats:join' && cause === key && data.user.id === agentId,
    );
    if (!took) {
      if (mayHaveTaken(model, step, claim)) continue;
      model.report('I8', `${agentId} is told to have ${chatId} and has not`);
      continue;
    }
    if (invitationId !== undefined && !step.pending.has(invitationId)) {
      model.report('I8', `${agentId} takes ${chatId} by ${invitationId}, which had ended`);
    }
    const other = winners.get(chatId);
    if (other !== undefined && other !== agentId && !hasMoved(step, chatId)) {
      model.report('I8', `${other} and ${agentId} take ${chatId} in one turn`);
    }
    winners.set(chatId, agentId);
  }
}

/** Whoever is in the chat already, or has accepted the invitation before, gets a reply and nothing happens. */
function mayHaveTaken(model: Model, step: Step, { chatId, agentId, invitationId }: Claim) {
  if (invitationId !== undefined) return model.accepted.has(invitationId);
  return model.chats.get(chatId)?.agents.has(agentId) || hasMoved(step, chatId);
}

/** Whether an agent left the chat in this step. */
function hasMoved({ occurrences }: Step, chatId: string): boolean {
  return occurrences.some((each) => each.name === 'chats:leave' && each.chatId === chatId);
}

/** A send under a key that had a reply gets it again, marked, and nothing happens. */
export function checkRepeat(model: Model, first: Finished, { finished, occurrences }: Step): void {
  const { key } = first.act;
  if (!('reply' in first.outcome)) return;
  const expected = { reply: { ...first.outcome.reply, replayed: true } };
  for (const { act, outcome } of finished) {
    if (act.key !== key || isDeepStrictEqual(outcome, expected)) continue;
    model.report('keys', `the second time, ${act.story()} got ${JSON.stringify(outcome)}`);
  }
  const effects = occurrences.filter(({ cause }) => cause === key);
  if (effects.length > 0) model.report('keys', `${first.act.story()} had effects a second time`);
}
