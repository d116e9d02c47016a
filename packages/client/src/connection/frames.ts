/** How many bytes a server accepts in a frame unless it says otherwise. */
export const usualFrameBytes = 65_536;

/** How many calls it accepts in a frame, and more only if its configuration says so. */
const callsPerFrame = 16;

const encoder = new TextEncoder();

/** At least as many bytes as the text has in UTF-8; exact unless it is so short that as many as a frame holds fit all the same. */
export function byteLength(text: string, frameBytes: number): number {
  const most = text.length * 3;
  return most <= frameBytes / callsPerFrame - 2 ? most : encoder.encode(text).length;
}

/** Packs messages into as few frames of so many bytes as the limits allow, in their order. */
export function* frames(messages: readonly string[], frameBytes: number): Iterable<string> {
  let batch: string[] = [];
  let bytes = 0;
  for (const message of messages) {
    // Each message brings a comma, and the first one the brackets.
    const more = byteLength(message, frameBytes) + 1;
    const full = batch.length === callsPerFrame || bytes + more + 1 > frameBytes;
    if (full && batch.length > 0) {
      yield frame(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(message);
    bytes += more;
  }
  if (batch.length > 0) yield frame(batch);
}

function frame(batch: readonly string[]): string {
  return batch.length === 1 ? batch.join() : `[${batch.join()}]`;
}
