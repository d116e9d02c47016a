import type { SharedText } from './frame.ts';

/** No array gets longer than this by more than one message, in characters. */
const longestBatch = 65_536;

/** Signs of life are not JSON, and go by themselves. */
const signs: ReadonlySet<string> = new Set(['PING', 'PONG']);

/** Puts messages that follow each other into JSON arrays; one alone stays as it is. */
export function inBatches(
  messages: readonly (string | SharedText)[],
): readonly (string | SharedText)[] {
  if (messages.length === 1) return messages;
  const signsOfLife: string[] = [];
  const batches: string[] = [];
  let batch: string[] = [];
  let length = 0;
  for (const message of messages) {
    const text = typeof message === 'string' ? message : message.text;
    if (signs.has(text)) {
      signsOfLife.push(text);
      continue;
    }
    if (length > 0 && length + text.length > longestBatch) {
      batches.push(arrayOf(batch));
      batch = [];
      length = 0;
    }
    batch.push(text);
    length += text.length;
  }
  if (batch.length > 0) batches.push(arrayOf(batch));
  return [...signsOfLife, ...batches];
}

function arrayOf(texts: readonly string[]): string {
  return texts.length === 1 ? texts.join() : `[${texts.join()}]`;
}
