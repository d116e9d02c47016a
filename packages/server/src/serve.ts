import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Registry } from 'prom-client';

import { type Auth, signToken } from './access/tokens.ts';
import { createId, systemEnvironment } from './environment.ts';
import { type AsyncApiDocument, composeDocument } from './http/async-api.ts';
import { Door } from './http/door.ts';
import { checkOrigins, type Refusal, refusalOf, refuse } from './http/refusal.ts';
import { createRequestListener } from './http/request-listener.ts';
import type { Metrics } from './observe/metrics.ts';
import { createParley, type Parley, type ParleyOptions, type Revocation } from './parley.ts';
import { closeCodes } from './socket/close-codes.ts';
import { drain } from './socket/drain.ts';
import { serveParleySocket } from './socket/parley-socket.ts';
import { serveTRPCSocket } from './socket/trpc-socket.ts';
import { createWebSocketServer } from './socket/web-socket-server.ts';

/** What serves the WebSockets, by name. */
const socketHandlers = { parley: serveParleySocket, trpc: serveTRPCSocket };

export type SocketKind = keyof typeof socketHandlers;

export interface ServeOptions extends Omit<ParleyOptions, 'auth'> {
  /** 127.0.0.1 unless told. */
  host?: string;
  /** 4455 unless told; 0 takes any free port. */
  port?: number;
  /** Needed unless `development` is set, which makes a secret that lasts as long as the process. */
  auth?: Auth;
  /** Which connection handler: Parley's own unless told, or tRPC's adapter. */
  socket?: SocketKind;
  /** Origins of pages that may connect, beside the server's own. */
  origins?: readonly string[];
  /** What the packages of a team's own say of their events, beside the core's, for `/asyncapi.json`. */
  documents?: readonly AsyncApiDocument[];
  /** Where metrics are registered beside others of the process; /metrics shows the whole registry. */
  registry?: Registry;
  /** The directory of the page to serve at `/`. */
  page?: string;
  /** The directory of the page to serve at `/playground`. */
  playground?: string;
  /** Signs demo tokens at `POST /dev/token` for whoever asks from this machine. */
  development?: boolean;
}

/** What a package of a team's own adds to a server: lists that go in as they are, or joined with those of others. */
export type Extension = Required<
  Pick<ServeOptions, 'events' | 'handlers' | 'algorithms' | 'documents'>
>;

export interface Server extends AsyncDisposable {
  /** Where WebSockets connect, such as `ws://127.0.0.1:4455/events`. */
  readonly url: string;
  /** Where the page is, such as `http://127.0.0.1:4455`. */
  readonly address: string;
  /** Closes every connection of a user and refuses the tokens there are of the user. */
  revoke(userId: string): Promise<Revocation>;
  /**
   * Is not ready any more, sends the clients away, answers what they have sent, and closes. Takes `drainSeconds` at most, and no
   * time when nobody is connected.
   */
  close(): Promise<void>;
}

/** While a server stops, others may be there already, and one that takes its place is soon. */
const stopping: Refusal = { status: 503, retryAfterSeconds: 1 };

/** Starts a server; it accepts connections when the promise resolves. */
export async function serve(options: ServeOptions): Promise<Server> {
  const { host = '127.0.0.1', port = 4455, development = false, origins = [], page } = options;
  const { environment = systemEnvironment, socket: kind = 'parley' } = options;
  const auth =
    options.auth ?? (development ? { secret: createId('secret', environment.random) } : undefined);
  if (!auth) throw new Error('serve needs auth: { secret } or { jwksUrl }, or development: true.');

  checkOrigins(origins);
  const document = composeDocument(options.documents ?? []);
  const parley = await createParley({ ...options, auth, environment });
  let metrics: Promise<Metrics> | undefined;
  const openMetrics = () => (metrics ??= loadMetrics(parley, options.registry));
  if (options.registry) await openMetrics();
  let ready = true;
  const http = createServer(
    createRequestListener({
      page,
      playground: options.playground,
      document,
      isReady: () => ready,
      isWell: parley.isWell,
      metrics: openMetrics,
      signDemoToken:
        development && 'secret' in auth
          ? (claims) =>
              signToken({
                ...claims,
                secret: auth.secret,
                issuer: auth.issuer,
                now: environment.now(),
              })
          : undefined,
    }),
  );
  const { guard, shedding } = parley;
  const { drainSeconds, acceptsPerSecond } = guard.limits;
  const wss = createWebSocketServer(guard);
  const door = new Door({ guard, environment, shedding });
  const connections = socketHandlers[kind](wss, parley, door);
  http.on('upgrade', (request, socket, head) => {
    const refusal = ready ? (refusalOf(request, origins) ?? door.enter(request)) : stopping;
    if (refusal) refuse(socket, refusal);
    else wss.handleUpgrade(request, socket, head, (ws) => wss.emit('connection', ws, request));
  });

  try {
    http.listen(port, host);
    await once(http, 'listening');
  } catch (cause) {
    await parley[Symbol.asyncDispose]();
    throw new Error(
      `Port ${port} of ${host} cannot be listened on. Choose another one, or 0 for any.`,
      {
        cause,
      },
    );
  }
  // The address of a server that listens on a port is never a pipe's name.
  const { port: boundPort } = http.address() as AddressInfo;
  const authority = `${host.includes(':') ? `[${host}]` : host}:${boundPort}`;

  let closing: Promise<void> | undefined;

  async function stop() {
    ready = false;
    await drain({
      handler: connections,
      environment,
      milliseconds: Number.isFinite(drainSeconds) ? drainSeconds * 1000 : 0,
      perSecond: acceptsPerSecond,
      isAlone: parley.isAlone,
    });
    await parley[Symbol.asyncDispose]();
    connections.close(closeCodes.goingAway, 'server stops');
    const closed = once(http, 'close');
    http.close();
    http.closeAllConnections();
    const giveUp = environment.scheduler.after(1000, () => connections.terminate());
    await closed;
    giveUp();
    (await metrics)?.[Symbol.dispose]();
  }

  const close = () => (closing ??= stop());

  return {
    url: `ws://${authority}/events`,
    address: `http://${authority}`,
    revoke: parley.revoke,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** What writes metrics takes long to load, and a start does not wait for it. */
async function loadMetrics(parley: Parley, registry: Registry | undefined): Promise<Metrics> {
  const { createMetrics } = await import('./observe/metrics.ts');
  return createMetrics({ tally: parley.observer.tally, head: () => parley.head, registry });
}
