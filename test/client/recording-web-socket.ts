/** What a client asks for in a frame. */
interface Request {
  id?: number;
  method: string;
  params?: { path: string };
}

/** What a server says about a call, as far as its end is told by it. */
interface Answer {
  id: number | null;
}

/** What has one answer. */
const calls = new Set(['query', 'mutation']);

export interface Recording {
  WebSocket: typeof WebSocket;
  sockets: readonly WebSocket[];
  /** How often something was asked for, such as `subscription listen.messages:new`. */
  count(asked: string): number;
  /** How many calls wait for their answers. */
  unanswered(): number;
}

/** A WebSocket class that keeps its instances, what they are asked to send, and what of it is not answered. */
export function recordingWebSocket(): Recording {
  const sockets: RecordingWebSocket[] = [];
  const requests: Request[] = [];

  class RecordingWebSocket extends WebSocket {
    /** The ids of calls. */
    readonly unanswered = new Set<number>();

    constructor(url: string | URL) {
      super(url);
      sockets.push(this);
      this.addEventListener('message', ({ data }) => {
        for (const { id } of messagesIn<Answer>(String(data))) this.unanswered.delete(Number(id));
      });
      this.addEventListener('close', () => this.unanswered.clear());
    }

    override send(frame: string): void {
      for (const request of messagesIn<Request>(frame)) {
        requests.push(request);
        if (calls.has(request.method)) this.unanswered.add(Number(request.id));
      }
      super.send(frame);
    }
  }

  return {
    WebSocket: RecordingWebSocket,
    sockets,
    count: (asked: string) =>
      requests.filter(({ method, params }) => [method, params?.path].join(' ').trim() === asked)
        .length,
    unanswered: () => sockets.reduce((sum, { unanswered }) => sum + unanswered.size, 0),
  };
}

/** The messages in a frame; none in a sign of life. */
function messagesIn<Message>(frame: string): Message[] {
  return frame.startsWith('{') || frame.startsWith('[') ? [JSON.parse(frame)].flat() : [];
}
