/** Stands for a number of eight digits in a template; the same one at each place. */
export const numberMark = '########';

/** The first number a connection counts its calls from, so that all have eight digits. */
export const firstNumber = 10_000_000;

const text = 0x81;
const close = 0x88;
const pong = 0x8a;
const masked = 0x80;
const zero = '0'.charCodeAt(0);

/** A client's frame, made once: only the number in it changes from call to call. */
export class Template {
  readonly #frame: Buffer;
  readonly #places: readonly number[];

  constructor(content: string) {
    this.#frame = textFrame(content);
    this.#places = placesOf(this.#frame);
  }

  fill(number: number): Buffer {
    const frame = Buffer.from(this.#frame);
    for (const place of this.#places) {
      let rest = number;
      for (let digit = numberMark.length - 1; digit >= 0; digit -= 1) {
        frame[place + digit] = zero + (rest % 10);
        rest = Math.floor(rest / 10);
      }
    }
    return frame;
  }
}

function placesOf(frame: Buffer): number[] {
  const places: number[] = [];
  let place = frame.indexOf(numberMark);
  while (place !== -1) {
    places.push(place);
    place = frame.indexOf(numberMark, place + numberMark.length);
  }
  return places;
}

export function textFrame(content: string): Buffer {
  return frameOf(text, Buffer.from(content));
}

export function closeFrame(): Buffer {
  return frameOf(close, Buffer.alloc(0));
}

export function pongFrame(content: Buffer): Buffer {
  return frameOf(pong, content);
}

/** The key is zero, so that content goes out as it is; a server unmasks it all the same. */
function frameOf(kind: number, content: Buffer): Buffer {
  const short = content.length < 126;
  const header = Buffer.alloc(short ? 6 : 8);
  header[0] = kind;
  header[1] = masked | (short ? content.length : 126);
  if (!short) header.writeUInt16BE(content.length, 2);
  return Buffer.concat([header, content]);
}
