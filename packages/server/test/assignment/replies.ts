import { isDeepStrictEqual } from 'node:util';

import type { Model } from './model.ts';
import type { LoggedOccurrence } from './occurrence.ts';
import type { Act, Claim } from './script.ts';
import type { Outcome } from './world.ts';

/** A send that has ended; they end in the order of the log. */
export interface Finished {
  act: Act;
  outcome: Outcome;
  endedAt: number;
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
    if (!claim || !('reply' in outcome) || 'replayed' in outcome.reply) continue;
    const { chatId, agentId, invitationId } = claim;
    // A send without a key is the only one of its turn.
    const took = step.occurrences.some(
      ({ name, cause, data }) =>
        name === 'chats:join' && cause === (key ?? null) && data.user.id === agentId,
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
export function checkKeys(
  model: Model,
  replied: ReadonlyMap<string, Finished>,
  { finished, occurrences }: Step,
): void {
  const first = new Map<string, Finished>();
  for (const each of finished) {
    const { act, outcome } = each;
    const { key } = act;
    if (key === undefined) continue;
    const earlier = replied.get(key) ?? first.get(key);
    if (!earlier) {
      if ('reply' in outcome) first.set(key, each);
      continue;
    }
    if (!isDeepStrictEqual(outcome, replayed(earlier.outcome))) {
      model.report('keys', `again, ${act.story()} got ${JSON.stringify(outcome)}`);
    }
    if (replied.has(key) && occurrences.some(({ cause }) => cause === key)) {
      model.report('keys', `again, ${act.story()} had effects`);
    }
  }
}

function replayed(outcome: Outcome): Outcome {
  return 'reply' in outcome ? { reply: { ...outcome.reply, replayed: true } } : outcome;
}
