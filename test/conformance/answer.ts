import superjson, { type SuperJSONResult } from 'superjson';
import * as z from 'zod';

const RequestId = z.union([z.string(), z.number(), z.null()]);

const Envelope = { id: RequestId, jsonrpc: z.literal('2.0').optional() };

/** What superjson makes of a value. */
const Encoded = z.custom<SuperJSONResult>(
  (value) =>
    z.strictObject({ json: z.unknown(), meta: z.unknown() }).partial().safeParse(value).success,
);

/** A text frame of the server: the answer to a request, or its notice to everybody. */
const Answer = z.union([
  z.strictObject({ ...Envelope, error: Encoded }),
  z.strictObject({
    ...Envelope,
    result: z.union([
      z.strictObject({ type: z.literal('data'), id: z.string().optional(), data: Encoded }),
      z.strictObject({ type: z.literal('started'), position: z.string().optional() }),
      z.strictObject({ type: z.literal('stopped') }),
    ]),
  }),
  z.strictObject({ ...Envelope, data: z.unknown(), dates: z.string().optional() }),
  z.strictObject({ id: z.null(), method: z.literal('reconnect') }),
  z.strictObject({
    id: z.null(),
    method: z.literal('positions'),
    params: z.array(z.tuple([RequestId, z.string(), z.string()])),
  }),
]);

export type Answer = z.output<typeof Answer>;

/** Reads a frame; fails when it is none that the protocol knows. */
export function readAnswer(text: string): Answer {
  return Answer.parse(JSON.parse(text));
}

const ErrorShape = z.strictObject({
  message: z.string().min(1),
  code: z.number().int(),
  data: z.strictObject({
    code: z.string(),
    retryable: z.boolean(),
    retryAfterMs: z.number().optional(),
    errorId: z.string().min(1).optional(),
    details: z.unknown().optional(),
  }),
});

type ErrorShape = z.output<typeof ErrorShape>;

/** The error an answer carries; undefined when it carries none. */
export function errorIn(answer: Answer): ErrorShape | undefined {
  return 'error' in answer ? ErrorShape.parse(superjson.deserialize(answer.error)) : undefined;
}

/** The code of the error, `data`, `started`, `stopped` or the name of a notice: what an answer is, in one word. */
export function kindOf(answer: Answer): string {
  if ('method' in answer) return answer.method;
  return 'result' in answer ? answer.result.type : (errorIn(answer)?.data.code ?? '');
}

/** The value an answer carries, revived; fails when it carries none. */
export function valueIn(answer: Answer): unknown {
  if (!('result' in answer) || answer.result.type !== 'data') {
    throw new Error(`This carries no value: ${JSON.stringify(answer)}`);
  }
  return superjson.deserialize(answer.result.data);
}
