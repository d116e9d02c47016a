import fc from 'fast-check';

/** What is sent in one frame. `$chat`, `$other`, `$token` and `$position+1` stand for what only the server knows. */
export type Frame = { text: string } | { binary: string };

/** A value in a frame of its own. */
export const frameOf = (value: unknown): Frame => ({ text: JSON.stringify(value) });

/** The value, or none. */
export const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

/** What may be beside an id. */
export const jsonrpc = fc.constantFrom('2.0', '2.0', undefined);

/** The chat that both users are in, mostly. */
export const chatId = fc.oneof(
  { arbitrary: fc.constant('$chat'), weight: 6 },
  fc.constantFrom('$other', 'c_none', ''),
);
