/** What happens on a line. */
export interface LineEvents {
  onFrame(direction: 'out' | 'in', text: string): void;
  onOpen(): void;
  onClose(code: number): void;
}

/** The way from a client to the server: it can be looked at, and cut. */
export interface Line {
  readonly WebSocket: typeof WebSocket;
  /** Closes the connection; none is made before `mend`. */
  cut(): void;
  mend(): void;
  readonly isCut: boolean;
  /** Resolves when the line is not cut. */
  whole(): Promise<void>;
  /** Runs the task when the line is mended, unless the returned function is called before. */
  whenMended(task: () => void): () => void;
}

export function createLine({ onFrame, onOpen, onClose }: LineEvents): Line {
  const sockets = new Set<WebSocket>();
  const tasks = new Set<() => void>();
  let isCut = false;

  class WatchedSocket extends WebSocket {
    constructor(url: string | URL) {
      super(url);
      sockets.add(this);
      this.addEventListener('open', () => onOpen());
      this.addEventListener('message', ({ data }) => onFrame('in', String(data)));
      this.addEventListener('close', ({ code }) => {
        sockets.delete(this);
        onClose(code);
      });
    }

    override send(frame: string): void {
      super.send(frame);
      onFrame('out', frame);
    }
  }

  function whenMended(task: () => void) {
    tasks.add(task);
    return () => void tasks.delete(task);
  }

  return {
    WebSocket: WatchedSocket,
    get isCut() {
      return isCut;
    },
    cut() {
      isCut = true;
      for (const socket of sockets) socket.close(4000, 'dropped in the playground');
    },
    mend() {
      isCut = false;
      const waiting = [...tasks];
      tasks.clear();
      for (const task of waiting) task();
    },
    whole: () => (isCut ? new Promise((resolve) => void whenMended(resolve)) : Promise.resolve()),
    whenMended,
  };
}
