import * as z from 'zod';

/** Cuts the bytes of one side of a WebSocket into the HTTP head and whole frames, whatever chunks they come in. */
export class FrameSplitter {
  #rest = Buffer.alloc(0);
  #isHeadOver = false;

  push(chunk: Buffer): Buffer[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const whole: Buffer[] = [];
    for (let length = this.#length(); length <= this.#rest.length; length = this.#length()) {
      whole.push(this.#rest.subarray(0, length));
      this.#rest = this.#rest.subarray(length);
      this.#isHeadOver = true;
    }
    return whole;
  }

  /** How long what comes next is, as far as that is known. */
  #length(): number {
    if (!this.#isHeadOver) {
      const end = this.#rest.indexOf('\r\n\r\n');
      return end < 0 ? Infinity : end + 4;
    }
    const { head, payload } = measure(this.#rest);
    return head + payload;
  }
}

/** The text in a frame. */
function textOf(frame: Buffer): string {
  const { head, isMasked } = measure(frame);
  const payload = Buffer.from(frame.subarray(head));
  if (isMasked) {
    for (const [index, byte] of payload.entries()) {
      payload[index] = byte ^ (frame[head - 4 + (index % 4)] ?? 0);
    }
  }
  return payload.toString();
}

function measure(bytes: Buffer) {
  const [, second] = bytes;
  if (second === undefined) return { head: Infinity, payload: 0, isMasked: false };
  const isMasked = second >= 128;
  const short = second % 128;
  const extra = { 126: 2, 127: 8 }[short] ?? 0;
  const head = 2 + extra + (isMasked ? 4 : 0);
  if (bytes.length < head) return { head: Infinity, payload: 0, isMasked };
  const long = extra === 2 ? bytes.readUInt16BE(2) : Number(extra && bytes.readBigUInt64BE(2));
  return { head, payload: extra === 0 ? short : long, isMasked };
}

const Message = z.object({
  id: z.number().nullish(),
  method: z.string().optional(),
  params: z.unknown().optional(),
  result: z.unknown().optional(),
  /** In place of a result, for who takes short answers. */
  data: z.unknown().optional(),
});

const Params = z.object({ input: z.object({ json: z.object({ key: z.string() }) }) });

/** The messages in a frame; none when it holds something else. */
function messagesIn(frame: Buffer): z.infer<typeof Message>[] {
  const text = textOf(frame);
  if (!text.startsWith('{') && !text.startsWith('[')) return [];
  const parsed = z.array(Message).safeParse([JSON.parse(text)].flat());
  return parsed.success ? parsed.data : [];
}

/** Every send in a frame of a client's: the id of its message, and its key. */
export function sendsIn(frame: Buffer): Map<number, string> {
  const sends = new Map<number, string>();
  for (const { id, method, params } of messagesIn(frame)) {
    const sent = Params.safeParse(params);
    if (method === 'mutation' && typeof id === 'number' && sent.success) {
      sends.set(id, sent.data.input.json.key);
    }
  }
  return sends;
}

/** The ids of the messages that a frame of the server's replies to. */
export function repliesIn(frame: Buffer): number[] {
  return messagesIn(frame).flatMap(({ id, result, data }) =>
    typeof id === 'number' && (result ?? data) !== undefined ? [id] : [],
  );
}
