/** The longest header of a frame that a server sends, in bytes. */
const longestHeader = 10;

/** The bytes of a WebSocket text frame: RFC 6455, section 5.2. Final, opcode 1 and, as from every server, not masked. */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(headerLength(length) + length);
  writeTextFrame(frame, 0, text, length);
  return frame;
}

/** A text that several connections send; its frame is made once, when the first one sends it alone. */
export class SharedText {
  readonly text: string;
  #frame: Buffer | undefined;

  constructor(text: string) {
    this.text = text;
  }

  get frame(): Buffer {
    return (this.#frame ??= textFrame(this.text));
  }
}

/** How many bytes a text of so many UTF-8 bytes takes as a frame. */
export function frameLength(textLength: number): number {
  return headerLength(textLength) + textLength;
}

/** Writes a text of so many UTF-8 bytes as a frame, and gives the offset behind it. */
export function writeTextFrame(
  buffer: Buffer,
  offset: number,
  text: string,
  textLength: number,
): number {
  const start = writeHeader(buffer, offset, textLength);
  // What is as long in bytes as in characters is ASCII, which latin1 copies without a look at it.
  buffer.write(text, start, textLength, text.length === textLength ? 'latin1' : 'utf8');
  return start + textLength;
}

function headerLength(textLength: number): number {
  if (textLength < 126) return 2;
  return textLength < 65_536 ? 4 : longestHeader;
}

function writeHeader(buffer: Buffer, offset: number, textLength: number): number {
  buffer[offset] = 0x81;
  if (textLength < 126) {
    buffer[offset + 1] = textLength;
    return offset + 2;
  }
  if (textLength < 65_536) {
    buffer[offset + 1] = 126;
    buffer.writeUInt16BE(textLength, offset + 2);
    return offset + 4;
  }
  buffer[offset + 1] = 127;
  buffer.writeBigUInt64BE(BigInt(textLength), offset + 2);
  return offset + longestHeader;
}
