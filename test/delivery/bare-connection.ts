import { connect, type Socket } from 'node:net';

const text = 0x81;
const close = 0x8;
const masked = 0x80;

/** What is told of a connection. */
export interface Hearer {
  onText(text: string): void;
  /** The server has closed it. */
  onClose(code: number): void;
}

/** A WebSocket without a library, for a client that must cost much less than the server it keeps busy. */
export class BareConnection {
  readonly #socket: Socket;
  #rest: Buffer = Buffer.alloc(0);
  #outgoing: Buffer[] = [];

  private constructor(socket: Socket, hearer: Hearer) {
    this.#socket = socket;
    socket.on('data', (chunk) => this.#read(chunk, hearer)).on('error', () => {});
  }

  /** Resolves when frames may be sent. */
  static open(url: string, hearer: Hearer): Promise<BareConnection> {
    const { hostname, port, pathname } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    socket.write(
      `GET ${pathname}?connectionParams=1 HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\n` +
        'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      // Without a message to hear there is nothing behind the end of the upgrade.
      socket.once('data', (answer) => {
        socket.off('error', reject);
        if (answer.includes(' 101 ')) resolve(new BareConnection(socket, hearer));
        else reject(new Error(`No upgrade: ${answer.toString('latin1', 0, 100)}`));
      });
    });
  }

  /** What is sent in one turn goes out in one write. */
  send(content: string): void {
    if (this.#outgoing.length === 0) setImmediate(() => this.#flush());
    this.#outgoing.push(frameOf(content));
  }

  end(): void {
    this.#socket.destroy();
  }

  #flush() {
    const [first, ...more] = this.#outgoing;
    if (first) this.#socket.write(more.length > 0 ? Buffer.concat(this.#outgoing) : first);
    this.#outgoing = [];
  }

  #read(chunk: Buffer, hearer: Hearer) {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    let at = 0;
    for (;;) {
      const content = contentAt(bytes, at);
      if (!content) break;
      if (((bytes[at] ?? 0) & 0x0f) === close) hearer.onClose(bytes.readUInt16BE(content.start));
      else hearer.onText(bytes.toString('latin1', content.start, content.end));
      at = content.end;
    }
    this.#rest = bytes.subarray(at);
  }
}

/** Where the content of the frame that starts there lies; nothing when it is not whole yet. */
function contentAt(bytes: Buffer, at: number): { start: number; end: number } | undefined {
  if (bytes.length < at + 4) return;
  const length = bytes[at + 1] ?? 0;
  const start = length < 126 ? at + 2 : at + 4;
  const end = start + (length < 126 ? length : bytes.readUInt16BE(at + 2));
  return end <= bytes.length ? { start, end } : undefined;
}

/** The key is zero, so that content goes out as it is; a server unmasks it all the same. */
function frameOf(content: string): Buffer {
  const { length } = content;
  const header = length < 126 ? 6 : 8;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = text;
  frame[1] = masked | (length < 126 ? length : 126);
  if (header === 8) frame.writeUInt16BE(length, 2);
  frame.writeUInt32BE(0, header - 4);
  frame.write(content, header, 'latin1');
  return frame;
}
