import { unwritable } from '../errors.ts';
import { transformer } from '../transformer.ts';

/** Writes the message of a call, from behind its id on. Throws an `EventError` when it cannot be written. */
export function ask(
  method: 'mutation' | 'query' | 'subscription',
  path: string,
  input: unknown,
): string {
  return `,"method":"${method}","params":{"path":${JSON.stringify(path)},"input":${write(input)}}}`;
}

function write(input: unknown): string {
  try {
    return JSON.stringify(transformer.serialize(input));
  } catch (error) {
    throw unwritable(error);
  }
}
