import { existsSync } from 'node:fs';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { join } from 'node:path';

import { roles } from '@parley/contract';
import sirv from 'sirv';
import * as z from 'zod';

import type { AsyncApiDocument } from './async-api.ts';
import type { Metrics } from '../observe/metrics.ts';

export interface RequestListenerOptions {
  /** The directory of the page to serve at `/`. */
  page?: string | undefined;
  /** The directory of the page to serve at `/playground`. */
  playground?: string | undefined;
  /** The events as an AsyncAPI document. */
  document: AsyncApiDocument;
  /** Signs demo tokens for whoever asks from this machine; development only. */
  signDemoToken?: ((claims: DemoClaims) => Promise<string>) | undefined;
  isReady(): boolean;
  /** Whether the store takes what is written. */
  isWell(): Promise<boolean>;
  metrics(): Promise<Metrics>;
}

const DemoClaims = z.strictObject({
  sub: z.string().min(1).max(128),
  role: z.enum(roles),
  name: z.string().min(1).max(200).optional(),
  rooms: z.array(z.string().min(1).max(64)).max(50).optional(),
  langs: z.array(z.string().min(2).max(35)).max(50).optional(),
  ttl: z.number().int().min(1).max(86_400).optional(),
});

export type DemoClaims = z.output<typeof DemoClaims>;

/** The most of a request's body that is read, in bytes. */
const bodyLimit = 16_384;

/** Answers plain HTTP: health, readiness, metrics, the contract as AsyncAPI, demo tokens and the pages. */
export function createRequestListener(options: RequestListenerOptions): RequestListener {
  const { document, signDemoToken } = options;
  const files = filesOf(options.page);
  const playgroundFiles = filesOf(options.playground);

  return (request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?', 1);
    if (path === '/health') return answer(response, 200, { status: 'alive' });
    if (path === '/ready') return void answerReadiness(response, options);
    if (path === '/asyncapi.json') return answer(response, 200, document);
    if (path === '/metrics') {
      return void answerMetrics(response, options.metrics).catch(() =>
        answer(response, 500, { message: 'The metrics could not be read.' }),
      );
    }
    if (path === '/dev/token' && signDemoToken) {
      return void answerToken(request, response, signDemoToken).catch(() =>
        answer(response, 500, { message: 'The token could not be signed.' }),
      );
    }
    const isPage = (path === '/' && !files) || (path === '/playground' && !playgroundFiles);
    const missing = () =>
      answer(response, 404, {
        message: isPage
          ? 'The page is not built. `pnpm start` builds and serves it; WebSockets are at /events.'
          : 'There is nothing here. WebSockets are at /events.',
      });
    if (playgroundFiles && /^\/playground(\/|$)/.test(path)) {
      request.url = path.slice('/playground'.length) || '/';
      return playgroundFiles(request, response, missing);
    }
    return files ? files(request, response, missing) : missing();
  };
}

/** Serves the files of a page that is built. */
function filesOf(page: string | undefined) {
  return page !== undefined && existsSync(join(page, 'index.html')) ? sirv(page) : undefined;
}

async function answerReadiness(
  response: ServerResponse,
  { isReady, isWell }: RequestListenerOptions,
) {
  if (!isReady()) return answer(response, 503, { status: 'draining' });
  return (await isWell())
    ? answer(response, 200, { status: 'ready' })
    : answer(response, 503, { status: 'store is sick' });
}

async function answerMetrics(response: ServerResponse, metrics: () => Promise<Metrics>) {
  const { text, contentType } = await metrics();
  const body = await text();
  response.writeHead(200, { 'content-type': contentType });
  response.end(body);
}

async function answerToken(
  request: IncomingMessage,
  response: ServerResponse,
  sign: (claims: DemoClaims) => Promise<string>,
) {
  if (!isLoopback(request) || !isSameOrigin(request)) {
    return answer(response, 403, { message: 'Demo tokens are for this machine only.' });
  }
  if (request.method !== 'POST') {
    return answer(response, 405, { message: 'POST { sub, role } as JSON.' });
  }
  const claims = DemoClaims.safeParse(await readJson(request));
  if (!claims.success) {
    return answer(response, 400, { message: z.prettifyError(claims.error) });
  }
  return answer(response, 200, { token: await sign(claims.data) });
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length > bodyLimit) return undefined;
    chunks.push(chunk as Buffer);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** By the address it comes from, and by the name it was asked under: a foreign name may lead here as well. */
function isLoopback({ socket, headers }: IncomingMessage): boolean {
  const comesFromHere = /^(127\.|::1$|::ffff:127\.)/.test(socket.remoteAddress ?? '');
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  return comesFromHere && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host);
}

/** A page of another origin must not get tokens through its visitor's browser. */
function isSameOrigin({ headers }: IncomingMessage): boolean {
  return headers.origin === undefined || headers.origin === `http://${headers.host}`;
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}
