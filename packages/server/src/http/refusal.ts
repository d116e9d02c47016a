import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** Why a request does not become a WebSocket. */
export interface Refusal {
  status: 403 | 404 | 429 | 503;
  /** When it is worth another try. */
  retryAfterSeconds?: number;
}

const phrases = {
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
};

/** Answers instead of the handshake. */
export function refuse(socket: Duplex, { status, retryAfterSeconds }: Refusal): void {
  const lines = [`HTTP/1.1 ${status} ${phrases[status]}`, 'Connection: close', 'Content-Length: 0'];
  if (retryAfterSeconds !== undefined) lines.push(`Retry-After: ${retryAfterSeconds}`);
  socket.on('error', () => socket.destroy());
  socket.end(`${lines.join('\r\n')}\r\n\r\n`);
}

/** A browser names an origin exactly so; anything else on the list would never match, and a wildcard is none. */
export function checkOrigins(origins: readonly string[]): void {
  for (const origin of origins) {
    const isExact = URL.canParse(origin) && new URL(origin).origin === origin;
    if (isExact && origin !== 'null' && !origin.includes('*')) continue;
    throw new Error(
      `${JSON.stringify(origin)} is no origin. Write each as scheme and host, such as https://shop.example; there is no wildcard.`,
    );
  }
}

/** What is wrong with a request as such: its path, or a page of an origin that is not on the list. */
export function refusalOf(
  { url = '/', headers }: IncomingMessage,
  origins: readonly string[],
): Refusal | undefined {
  if (url.split('?', 1)[0] !== '/events') return { status: 404 };
  const { origin, host } = headers;
  const own = origin === `http://${host}` || origin === `https://${host}`;
  return origin === undefined || own || origins.includes(origin) ? undefined : { status: 403 };
}
