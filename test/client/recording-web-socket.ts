/** What a client asks for in a frame. */
interface Request {
  method: string;
  params?: { path: string };
}

export interface Recording {
  WebSocket: typeof WebSocket;
  sockets: readonly WebSocket[];
  /** How often something was asked for, such as `subscription listen.messages:new`. */
  count(asked: string): number;
}

/** A WebSocket class that keeps its instances and what they are asked to send. */
export function recordingWebSocket(): Recording {
  const sockets: WebSocket[] = [];
  const requests: Request[] = [];

  class RecordingWebSocket extends WebSocket {
    constructor(url: string | URL) {
      super(url);
      sockets.push(this);
    }

    override send(frame: string): void {
      if (frame.startsWith('{') || frame.startsWith('['))
        requests.push(...[JSON.parse(frame)].flat());
      super.send(frame);
    }
  }

  return {
    WebSocket: RecordingWebSocket,
    sockets,
    count: (asked: string) =>
      requests.filter(({ method, params }) => [method, params?.path].join(' ').trim() === asked)
        .length,
  };
}
