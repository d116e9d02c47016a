import { hasSafeKeys } from '@parley/contract';
import * as fc from 'fast-check';

/**
 * Keys of all kinds, of which those with a backslash have a dot behind it: V8 13.6 (Node 24) reads a key such as `"`
 * as one that it has seen before when that one is spelled as the escape, here `\`.
 */
export const anyKey = fc.oneof(
  fc.string().filter((each) => !each.includes('\\')),
  fc.constantFrom('a.b', 'c\\.d', '.', '', '0', '"', '],', '["x"],', ':', ',{', '[[', '$&', 'x"],'),
);

export const safeKey = anyKey.filter((each) => hasSafeKeys({ [each]: null }));
