import type { Duplex } from 'node:stream';

import { frameLength, type SharedText, writeTextFrame } from './frame.ts';

/** The longest bytes that are kept to be written over, as a power of two: 256 KiB. */
const largestPower = 18;

/**
 * Writes messages to streams, as a frame each, all in one write. It puts them into the same bytes again and again: bytes made for each
 * write lie outside of V8's heap, and whenever there are many of them V8 collects the whole heap.
 */
export class FrameWriter {
  /** Bytes that no stream holds, by the power of two that they are long. */
  readonly #free: (Buffer | undefined)[] = [];

  write(stream: Duplex, messages: readonly (string | SharedText)[]): void {
    const [first = ''] = messages;
    if (messages.length === 1 && typeof first !== 'string') {
      stream.write(first.frame);
      return;
    }
    const lengths: number[] = [];
    let total = 0;
    for (const message of messages) {
      const isText = typeof message === 'string';
      const length = isText ? Buffer.byteLength(message) : message.frame.length;
      lengths.push(length);
      total += isText ? frameLength(length) : length;
    }
    const power = 32 - Math.clz32(total - 1);
    // What a slow reader is still to be sent it keeps.
    if (power > largestPower || stream.writableLength > 0) {
      stream.write(join(Buffer.allocUnsafe(total), messages, lengths));
      return;
    }
    const bytes = (this.#free[power] ??= Buffer.allocUnsafeSlow(2 ** power));
    stream.write(join(bytes.subarray(0, total), messages, lengths));
    if (stream.writableLength > 0) this.#free[power] = undefined;
  }
}

/** Puts messages into bytes, whose texts and frames have these lengths. */
function join(
  bytes: Buffer,
  messages: readonly (string | SharedText)[],
  lengths: readonly number[],
): Buffer {
  let offset = 0;
  for (const [index, message] of messages.entries()) {
    if (typeof message === 'string') {
      offset = writeTextFrame(bytes, offset, message, lengths[index] ?? 0);
    } else {
      bytes.set(message.frame, offset);
      offset += message.frame.length;
    }
  }
  return bytes;
}
