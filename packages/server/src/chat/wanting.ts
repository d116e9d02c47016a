import { startAssignment } from './assignment.ts';
import type { Decision } from './decision.ts';
import { surveyAgents } from './routing.ts';
import type { ChatState } from './state.ts';

/** Whether a chat is to be assigned as soon as somebody can take it, and how many agents are not to be asked. */
export interface Want {
  open: boolean;
  avoided: number;
}

export function wantOf(chat: ChatState): Want {
  const waits = chat.status === 'waiting' && !chat.assignment;
  // Without the customer nobody is there to be helped.
  const open = chat.wantsAgent && waits && chat.customerLostAt === undefined;
  return { open, avoided: Object.keys(chat.avoid).length };
}

/** Whether somebody may be found after a decision who could not be found before: time to look through the room. */
export function isNewWant(before: Want | undefined, after: Want): boolean {
  return after.open && (!before?.open || after.avoided < before.avoided);
}

/** Starts a new assignment for a chat that was left without an agent, if there is somebody to take it. */
export function retryAssignment(decision: Decision): void {
  if (wantOf(decision.chat).open && surveyAgents(decision, []).pool) startAssignment(decision);
}
