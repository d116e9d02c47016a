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
  | { type: 'unreadable'; head: string; idIsLong?: true };

/** The start of a response to what has no id. */
export const headWithoutId = '{"id":null';

function readMessage(raw: unknown, idLength: number): Message {
  if (!isRecord(raw)) return { type: 'unreadable', head: headWithoutId };
  const { id, jsonrpc, method, params } = raw;
  if (!isRequestId(id)) return { type: 'unreadable', head: headWithoutId };
  if (typeof id === 'string' && id.length > idLength)
    return { type: 'unreadable', head: headWithoutId, idIsLong: true };
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

/** What a client can ask for that tRPC's own does not know of. */
export interface Extensions {
  /** It is told positions. */
  wantsPositions: boolean;
  /** It takes several messages in one frame. */
  takesBatches: boolean;
  /** It takes answers without what tRPC and superjson put around them. */
  takesShort: boolean;
  /** It is told when it uses an event that is on its way out. */
  wantsNotices: boolean;
}

export const noExtensions: Extensions = {
  wantsPositions: false,
  takesBatches: false,
  takesShort: false,
  wantsNotices: false,
};

/** What our own client asks for. */
const allExtensions: Extensions = {
  wantsPositions: true,
  takesBatches: true,
  takesShort: true,
  wantsNotices: true,
};

/** What a connection's first message brings. */
export interface Login {
  /** Empty when there is none. */
  token: string;
  extensions: Extensions;
}

/** `undefined` when it is no such message. */
export function readLogin(text: string): Login | undefined {
  const message = parse(text);
  if (!isRecord(message)) return undefined;
  const parameters = message['data'] === null ? {} : message['data'];
  if (!isRecord(parameters)) return undefined;
  if (!Object.values(parameters).every((value) => typeof value === 'string')) return undefined;
  const { token = '', positions, batches, short, notices } = parameters;
  const asked: Extensions = {
    wantsPositions: positions === '1',
    takesBatches: batches === '1',
    takesShort: short === '1',
    wantsNotices: notices === '1',
  };
  return { token: String(token), extensions: shared(asked) };
}

/** Most connections ask for all or for nothing, and need not keep that each. */
function shared(asked: Extensions): Extensions {
  const { wantsPositions, takesBatches, takesShort, wantsNotices } = asked;
  if (wantsPositions && takesBatches && takesShort && wantsNotices) return allExtensions;
  return wantsPositions || takesBatches || takesShort || wantsNotices ? asked : noExtensions;
}

/**
 * The messages of a frame; `undefined` when it is not JSON. Ids have at most so many characters. Several that are none are
 * one, without an id: a short frame may have thousands.
 */
export function readFrame(text: string, idLength: number): Message[] | undefined {
  const frame = parse(text);
  if (frame === undefined) return undefined;
  if (!Array.isArray(frame)) return [readMessage(frame, idLength)];
  const messages = frame.map((each) => readMessage(each, idLength));
  const bad = messages.filter(isUnreadable);
  if (bad.length < 2) return messages;
  const together: Message = {
    type: 'unreadable',
    head: headWithoutId,
    ...(bad.some(({ idIsLong }) => idIsLong) && { idIsLong: true }),
  };
  return [...messages.filter((message) => !isUnreadable(message)), together];
}

const isUnreadable = (message: Message) => message.type === 'unreadable';

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
