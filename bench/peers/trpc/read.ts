import { numberAt, startsWith } from '../bytes.ts';
import type { Arrival } from '../peer.ts';

const idStart = '{"id":'.length;
const started = 'started';
const ping = 'PING';

export const pong = 'PONG';

/** A frame of tRPC's wire: the id comes first, then the result or the error; a subscription has the id 1. */
export function readTRPC(bytes: Buffer, start: number, end: number): Arrival {
  if (startsWith(bytes, start, ping)) return 'ping';
  const number = numberAt(bytes, start + idStart);
  const afterId = start + idStart + String(number).length;
  if (!startsWith(bytes, afterId, ',"result"')) return 'failure';
  if (number !== 1) return number;
  const isStart = end - start < 60 && bytes.subarray(start, end).includes(started);
  return isStart ? 'subscribed' : 'delivery';
}
