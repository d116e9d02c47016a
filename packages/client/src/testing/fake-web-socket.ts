/** The client's end of a socket, as the server at the other end has it. */
export interface NearEnd {
  say(frame: string): void;
  close(code: number): void;
}

/** The server's end of a socket. */
export interface FarEnd {
  hear(frame: string): void;
  /** The client has closed it. */
  end(): void;
}

/** What a connection that was lost is closed with. */
export const lostCloseCode = 1006;

/** Makes a WebSocket class whose sockets lead to a server in memory; one that is not accepted is lost. */
export function createFakeWebSocket(
  accept: (url: string, near: NearEnd) => FarEnd | undefined,
): typeof WebSocket {
  return class FakeWebSocket extends EventTarget implements WebSocket {
    static readonly CONNECTING = 0;
    static readonly OPEN = 1;
    static readonly CLOSING = 2;
    static readonly CLOSED = 3;
    readonly CONNECTING = 0;
    readonly OPEN = 1;
    readonly CLOSING = 2;
    readonly CLOSED = 3;
    readonly url: string;
    readonly bufferedAmount = 0;
    readonly extensions = '';
    readonly protocol = '';
    binaryType: BinaryType = 'blob';
    onopen = null;
    onmessage = null;
    onerror = null;
    onclose = null;
    readyState: 0 | 1 | 2 | 3 = 0;
    #far: FarEnd | undefined;

    constructor(url: string | URL) {
      super();
      this.url = String(url);
      queueMicrotask(() => this.#open());
    }

    send(frame: string | ArrayBufferLike | Blob | ArrayBufferView): void {
      if (this.readyState === this.CONNECTING) throw new Error('The socket is not open yet.');
      queueMicrotask(() => this.readyState === this.OPEN && this.#far?.hear(String(frame)));
    }

    close(): void {
      if (this.readyState >= this.CLOSING) return;
      this.readyState = this.CLOSING;
      queueMicrotask(() => {
        this.#far?.end();
        this.#end(1000);
      });
    }

    #open() {
      if (this.readyState !== this.CONNECTING) return;
      this.#far = accept(this.url, {
        say: (frame) => queueMicrotask(() => this.#hear(frame)),
        close: (code) => this.#end(code),
      });
      if (!this.#far) return this.#end(lostCloseCode);
      this.readyState = this.OPEN;
      this.dispatchEvent(new Event('open'));
    }

    #hear(data: string) {
      if (this.readyState === this.OPEN) {
        // Not a MessageEvent: Node loads half a browser with that class.
        this.dispatchEvent(Object.assign(new Event('message'), { data }));
      }
    }

    #end(code: number) {
      if (this.readyState === this.CLOSED) return;
      this.readyState = this.CLOSED;
      // Not every Node that runs this has the class CloseEvent.
      this.dispatchEvent(Object.assign(new Event('close'), { code, reason: '', wasClean: true }));
    }
  };
}
