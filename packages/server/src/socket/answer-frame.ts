import type { EventError } from '../event-error.ts';
import type { Guard } from '../guard.ts';
import { Allowance } from './allowance.ts';
import { headWithoutId, type Message, readFrame } from './message.ts';
import type { Requests } from './requests.ts';

/** Answers all that a frame from the client brings; of one that brings too much, each is refused and nothing done. */
export function answerFrame(requests: Requests, guard: Guard, text: string): void {
  const { callsPerFrame, subscriptions } = guard.limits;
  const messages = messagesOf(guard, text);
  if (messages.length > callsPerFrame) {
    const calls = messages.filter(({ type }) => type !== 'subscription' && type !== 'stop');
    const others = messages.length - calls.length;
    if (calls.length > callsPerFrame || others > subscriptions) {
      refuseMessages(requests, guard, text, messages, guard.refusal('callsPerFrame'));
      return;
    }
  }
  const allowance = new Allowance(text, messages.length);
  for (const message of messages) requests.answer(message, allowance);
}

/** Refuses all that a frame from the client brings. */
export function refuseFrame(
  requests: Requests,
  guard: Guard,
  text: string,
  error: EventError,
): void {
  refuseMessages(requests, guard, text, messagesOf(guard, text), error);
}

const unreadable: Message = { type: 'unreadable', head: headWithoutId };

function messagesOf({ limits }: Guard, text: string): readonly Message[] {
  return readFrame(text, limits.idLength) ?? [unreadable];
}

/** Each by its id, unless that would be a long answer to a short frame. */
function refuseMessages(
  requests: Requests,
  { limits }: Guard,
  text: string,
  messages: readonly Message[],
  error: EventError,
): void {
  const areFew = messages.length <= limits.callsPerFrame + limits.subscriptions;
  const allowance = new Allowance(text, messages.length);
  if (areFew && !allowance.isTight) requests.refuseAll(messages, error, allowance);
  else requests.refuse(headWithoutId, error, new Allowance(text, 1));
}
