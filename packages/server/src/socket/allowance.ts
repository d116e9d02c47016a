import type { WireErrorShape } from '@parley/contract';
import superjson from 'superjson';

/** As much as a refusal in brief takes, in bytes; each message of a frame is sure of it. */
const briefBytes = 160;

/** How much may refuse the messages of one frame: twice as many bytes as it has and 1 KiB, so that little never asks for much. */
export class Allowance {
  /** What there is beside that. */
  #left: number;

  constructor(frame: string, messages: number) {
    this.#left = 2 * frame.length + 1024 - messages * briefBytes;
  }

  /** Whether the frame is too short for each of its messages to be refused by itself. */
  get isTight(): boolean {
    return this.#left < 0;
  }

  /** A refusal of one message, given the start of it; in brief when there is no room left for all that there is to say. */
  refusal(head: string, shape: WireErrorShape): string {
    const whole = write(head, shape);
    if (this.takes(whole)) return whole;
    const brief = write(head, inBrief(shape));
    this.#left -= this.#more(brief);
    return brief;
  }

  /** Whether there is room for a refusal that is written already; it takes that room. */
  takes(refusal: string): boolean {
    const more = this.#more(refusal);
    if (more > this.#left) return false;
    this.#left -= more;
    return true;
  }

  /** Beyond what each message is sure of. */
  #more(text: string): number {
    return Math.max(Buffer.byteLength(text) - briefBytes, 0);
  }
}

export function write(head: string, shape: WireErrorShape): string {
  return `${head},"error":${superjson.stringify(shape)}}`;
}

/** What a client acts on: neither a sentence nor what is wrong with the data, and nothing to look for in the log. */
function inBrief({ code: number, data }: WireErrorShape): WireErrorShape {
  const { code, retryable, retryAfterMs, details } = data;
  return {
    message: code,
    code: number,
    data: {
      code,
      retryable,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(details !== undefined && code !== 'VALIDATION' && { details }),
    },
  };
}
