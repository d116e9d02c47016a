import * as z from 'zod';

import { type Answer, valueIn } from './answer.ts';
import { request, type RequestId } from './connection.ts';

/** Where new messages are heard. */
export const messages = 'listen.messages:new';

/** A message that was heard, with its position. */
export const Heard = z.object({
  id: z.string(),
  data: z.object({
    position: z.number(),
    chatId: z.string(),
    data: z.object({ message: z.object({ message: z.string() }) }),
  }),
});

/** What a message that was heard says. */
export function textIn(answer: Answer): string {
  return Heard.parse(valueIn(answer)).data.data.message.message;
}

/** The position of what was heard. */
export function positionIn(answer: Answer): string {
  return Heard.parse(valueIn(answer)).id;
}

/** A subscription with the position beside the input, where tRPC's client puts it when it resumes. */
export function resuming(id: RequestId, lastEventId: string, input: unknown = {}) {
  const { params, ...rest } = request(id, 'subscription', messages, input);
  return { ...rest, params: { ...params, lastEventId } };
}

/** The end of a subscription. */
export function stop(id: RequestId) {
  return { id, jsonrpc: '2.0', method: 'subscription.stop' };
}
