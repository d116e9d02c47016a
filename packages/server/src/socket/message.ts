/** What names a request; its responses carry the same. */
export type RequestId = number | string;

const types = ['query', 'mutation', 'subscription'] as const;

/** A call, as tRPC's WebSocket protocol has it. */
export interface Request {
  type: (typeof types)[number];
  id: RequestId;
  /** The start of each response to it, which names it. */
  head: string;
  path: string;
  /** As superjson has written it. */
  input: unknown;
  lastEventId: string | undefined;
}

/** A message from a client. One that cannot be read has the head of a response to it all the same. */
export type Message =
  | Request
  | { type: 'stop'; id: RequestId }
  | { type: 'unreadable'; head: string };

/** The start of a response to what has no id. */
export const headWithoutId = '{"id":null';

export function readMessage(raw: unknown): Message {
  if (!isRecord(raw)) return { type: 'unreadable', head: headWithoutId };
  const { id, jsonrpc, method, params } = raw;
  if (!isRequestId(id)) return { type: 'unreadable', head: headWithoutId };
  const named = `{"id":${typeof id === 'number' ? id : JSON.stringify(id)}`;
  const head = jsonrpc === '2.0' ? `${named},"jsonrpc":"2.0"` : named;
  if (jsonrpc !== undefined && jsonrpc !== '2.0') return { type: 'unreadable', head };
  if (method === 'subscription.stop') return { type: 'stop', id };
  const type = types.find((each) => each === method);
  if (!type || !isRecord(params)) return { type: 'unreadable', head };
  const { path, input, lastEventId } = params;
  const mayResume = lastEventId === undefined || typeof lastEventId === 'string';
  if (typeof path !== 'string' || !mayResume) return { type: 'unreadable', head };
  return { type, id, head, path, input, lastEventId };
}

/** The token that a connection's first message brings, empty when it brings none; `undefined` when it is no such message. */
export function readToken(text: string): string | undefined {
  const message = parse(text);
  if (!isRecord(message)) return undefined;
  const { data } = message;
  if (data === null) return '';
  if (!isRecord(data) || !Object.values(data).every((value) => typeof value === 'string'))
    return undefined;
  return String(data['token'] ?? '');
}

/** The messages of a frame; `undefined` when it is not JSON. */
export function readFrame(text: string): Message[] | undefined {
  const frame = parse(text);
  if (frame === undefined) return undefined;
  return Array.isArray(frame) ? frame.map(readMessage) : [readMessage(frame)];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRequestId(value: unknown): value is RequestId {
  return typeof value === 'string' || Number.isFinite(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
