/** What went over a connection at one moment: a frame, or that it was opened or closed. */
export interface Frame {
  readonly id: number;
  readonly at: Date;
  readonly direction: 'out' | 'in' | 'line';
  readonly bytes: number;
  readonly parts: readonly Part[];
}

/** One message of a frame. */
export interface Part {
  readonly kind: 'send' | 'reply' | 'refusal' | 'listen' | 'occurrence' | 'keep-alive' | 'line';
  readonly label: string;
  /** How long the server took, for an answer. */
  readonly milliseconds?: number | undefined;
  /** What the message says, without tokens. */
  readonly message?: unknown;
}

interface Message {
  id?: number | string | null;
  method?: string;
  params?: { path?: string } | unknown[];
  data?: object;
  result?: { type?: string; id?: string; data?: unknown };
  error?: { json?: { data?: { code?: string } } };
}

interface Asked {
  event: string;
  isSend: boolean;
  at: number;
}

/** Reads frames of one connection after the other: what is an answer to what. */
export class FrameReader {
  readonly #asked = new Map<unknown, Asked>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A new socket counts its ids anew. */
  begin(): void {
    this.#asked.clear();
  }

  read(direction: 'out' | 'in', text: string): readonly Part[] {
    if (text === 'PING' || text === 'PONG') return [{ kind: 'keep-alive', label: text }];
    const messages: Message[] = [JSON.parse(text, hideToken)].flat();
    return messages.map((each) => (direction === 'out' ? this.#ask(each) : this.#answer(each)));
  }

  #ask(message: Message): Part {
    const { id, method, params, data } = message;
    if (data && id === undefined) {
      return { kind: 'line', label: 'token', message };
    }
    const path = params && 'path' in params ? (params.path ?? '') : '';
    const event = path.slice(path.indexOf('.') + 1);
    if (method === 'subscription.stop') {
      return { kind: 'listen', label: `stop ${this.#asked.get(id)?.event ?? ''}`, message };
    }
    const isSend = method === 'mutation';
    this.#asked.set(id, { event, isSend, at: this.#now() });
    return isSend
      ? { kind: 'send', label: event, message }
      : { kind: 'listen', label: `listen ${event}`, message };
  }

  #answer(message: Message): Part {
    const { id, method, result, error } = message;
    if (method) return { kind: 'line', label: method, message };
    const asked = this.#asked.get(id);
    const event = asked?.event ?? String(id);
    const milliseconds = asked?.isSend ? this.#now() - asked.at : undefined;
    if (error) {
      const code = error.json?.data?.code ?? 'error';
      return { kind: 'refusal', label: `${code} ${event}`, milliseconds, message };
    }
    if (result?.type === 'started' || result?.type === 'stopped') {
      return { kind: 'listen', label: `${result.type} ${event}`, message };
    }
    if (asked?.isSend) return { kind: 'reply', label: event, milliseconds, message };
    return { kind: 'occurrence', label: event, message };
  }
}

/** A picture of the page may be shown to others. */
function hideToken(key: string, value: unknown): unknown {
  return key === 'token' && typeof value === 'string' ? '…' : value;
}

/** Many messages of one kind in a few words. */
export function summarize(parts: readonly Part[]): string {
  const [first, ...rest] = parts;
  if (!first) return '';
  if (rest.length === 0) return first.label;
  const verb = first.label.split(' ', 1)[0];
  const isAlike = rest.every(({ label }) => label.startsWith(`${verb} `));
  return isAlike ? `${verb} × ${parts.length}` : `${first.label} + ${rest.length} more`;
}
