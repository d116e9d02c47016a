import { tooLarge, unwritable } from '../errors.ts';
import { transformer } from '../transformer.ts';
import { byteLength, limits } from './frames.ts';

/** More than an id and what is around it need. */
const idBytes = 32;

/** Writes the message of a call, from behind its id on. Throws an `EventError` when it cannot be written or is too large. */
export function ask(
  method: 'mutation' | 'query' | 'subscription',
  path: string,
  input: unknown,
): string {
  const message = `,"method":"${method}","params":{"path":${JSON.stringify(path)},"input":${write(input)}}}`;
  if (byteLength(message) > limits.frameBytes - idBytes) throw tooLarge();
  return message;
}

function write(input: unknown): string {
  try {
    return JSON.stringify(transformer.serialize(input));
  } catch (error) {
    throw unwritable(error);
  }
}
