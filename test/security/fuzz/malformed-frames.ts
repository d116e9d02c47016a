import type { Chance } from '../../delivery/chance.ts';

/** Something that RFC 6455 or a limit forbids, and the code that the connection is closed with. */
export interface Malformed {
  what: string;
  code: number;
  bytes: Buffer;
}

interface FrameOptions {
  opcode: number;
  payload?: Buffer;
  fin?: boolean;
  reserved?: number;
  masked?: boolean;
  /** What the header says instead of the payload's length. */
  length?: bigint;
}

const text = 1;
const continuation = 0;
const close = 8;

/** A frame as a client writes it, but for what is told otherwise. */
function frame(chance: Chance, options: FrameOptions): Buffer {
  const { opcode, payload = Buffer.alloc(0), fin = true, reserved = 0, masked = true } = options;
  const length = options.length ?? BigInt(payload.length);
  const first = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  const mask = masked ? 0x80 : 0;
  const header = lengthBytes(length, mask);
  if (!masked) return Buffer.concat([Buffer.from([first]), header, payload]);
  const key = Buffer.from(Array.from({ length: 4 }, () => chance.below(256)));
  const hidden = payload.map((byte, index) => byte ^ (key[index % 4] ?? 0));
  return Buffer.concat([Buffer.from([first]), header, key, hidden]);
}

function lengthBytes(length: bigint, mask: number): Buffer {
  if (length < 126n) return Buffer.from([mask | Number(length)]);
  const isLong = length >= 65_536n;
  const bytes = Buffer.alloc(isLong ? 9 : 3);
  bytes[0] = mask | (isLong ? 127 : 126);
  if (isLong) bytes.writeBigUInt64BE(length, 1);
  else bytes.writeUInt16BE(Number(length), 1);
  return bytes;
}

const notUtf8 = ['ff', 'c0af', 'eda080', 'f4908080', 'e282', 'f8888080', '80'];

const reason = (code: number, more = '') => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(code);
  return Buffer.concat([bytes, Buffer.from(more, 'hex')]);
};

/** One malformed frame of a kind chosen by chance, maybe after good ones. */
export function malformed(chance: Chance): Malformed {
  const write = (options: FrameOptions) => frame(chance, options);
  const some = (most: number) => Buffer.alloc(chance.between(0, most), 97);
  const broken = () => Buffer.concat([some(200), Buffer.from(chance.pick(notUtf8), 'hex')]);
  const start = () => write({ opcode: text, payload: some(50), fin: false });
  const kinds: (() => [what: string, code: number, ...frames: Buffer[]])[] = [
    () => [
      'reserved bits',
      1002,
      write({ opcode: text, payload: some(100), reserved: chance.between(1, 7) }),
    ],
    () => [
      'an unknown opcode',
      1002,
      write({ opcode: chance.pick([3, 4, 5, 6, 7, 11, 12, 13, 14, 15]), payload: some(100) }),
    ],
    () => [
      'no mask',
      1002,
      write({ opcode: chance.pick([text, 2, close, 9, 10]), payload: some(100), masked: false }),
    ],
    () => [
      'a control frame in parts',
      1002,
      write({ opcode: chance.pick([close, 9, 10]), fin: false }),
    ],
    () => [
      'a long control frame',
      1002,
      write({
        opcode: chance.pick([close, 9, 10]),
        payload: Buffer.alloc(chance.between(126, 3000)),
      }),
    ],
    () => [
      'a continuation of nothing',
      1002,
      write({ opcode: continuation, payload: some(100), fin: chance.below(2) === 0 }),
    ],
    () => [
      'a message within another',
      1002,
      start(),
      write({ opcode: chance.pick([text, 2]), payload: some(100) }),
    ],
    () => ['text that is not UTF-8', 1007, write({ opcode: text, payload: broken() })],
    () => [
      'parts that are not UTF-8',
      1007,
      start(),
      write({ opcode: continuation, payload: broken() }),
    ],
    () => [
      'a close of one byte',
      1002,
      write({ opcode: close, payload: Buffer.alloc(1, chance.below(256)) }),
    ],
    () => [
      'a close with no such code',
      1002,
      write({
        opcode: close,
        payload: reason(chance.pick([0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535])),
      }),
    ],
    () => [
      'a close whose reason is not UTF-8',
      1007,
      write({ opcode: close, payload: reason(1000, chance.pick(notUtf8)) }),
    ],
    () => [
      'a frame too large',
      1009,
      write({ opcode: text, length: BigInt(chance.between(65_537, 2 ** 31)) }),
    ],
    () => [
      'a frame larger than any number',
      1009,
      write({ opcode: text, length: 2n ** 53n + BigInt(chance.below(2 ** 31)) }),
    ],
    () => [
      'parts too large',
      1009,
      write({ opcode: text, payload: Buffer.alloc(60_000, 97), fin: false }),
      write({ opcode: continuation, payload: Buffer.alloc(6_000, 97) }),
    ],
    () => [
      'too many parts',
      1008,
      start(),
      ...Array.from({ length: 64 }, () =>
        write({ opcode: continuation, payload: some(3), fin: false }),
      ),
    ],
  ];
  const [what, code, ...frames] = chance.pick(kinds)();
  const before = Array.from({ length: chance.below(3) }, () =>
    write({ opcode: text, payload: Buffer.from('PING') }),
  );
  return { what, code, bytes: Buffer.concat([...before, ...frames]) };
}
