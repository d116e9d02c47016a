import { frameLength, type SharedText, textFrame, writeTextFrame } from './frame.ts';

/** Messages as the bytes of a frame each. */
export function joinFrames(messages: readonly (string | SharedText)[]): Buffer {
  const [first = ''] = messages;
  if (messages.length === 1) return typeof first === 'string' ? textFrame(first) : first.frame;
  const lengths = messages.map((message) =>
    typeof message === 'string' ? Buffer.byteLength(message) : message.frame.length,
  );
  let total = 0;
  for (const [index, message] of messages.entries()) {
    const length = lengths[index] ?? 0;
    total += typeof message === 'string' ? frameLength(length) : length;
  }
  const bytes = Buffer.allocUnsafe(total);
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
