import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');

/** Collects this process's garbage now, so that it does not do so in the middle of what it measures. */
export const collectGarbage: () => void = runInNewContext('gc');
