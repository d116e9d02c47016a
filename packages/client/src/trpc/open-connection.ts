import { Connection } from '../connection/connection.ts';
import { type Environment, platformEnvironment } from '../environment.ts';
import type { Status } from '../status.ts';

export interface OpenConnectionOptions {
  /** Where the server listens, such as `ws://127.0.0.1:4455/events`. */
  url: string;
  /** Says who you are. A function is called for each connection, so that it can fetch a fresh token. */
  token: string | (() => string | Promise<string>);
  /** For a platform without a global one. */
  WebSocket?: typeof WebSocket | undefined;
  /** Replaces parts of the platform, such as the clock. */
  environment?: Partial<Environment> | undefined;
  onStatus?: ((status: Status) => void) | undefined;
}

/** A connection that comes back by itself, for a `connectionLink`. */
export function openConnection({
  url,
  token,
  WebSocket,
  onStatus = () => {},
  ...rest
}: OpenConnectionOptions): Connection {
  return new Connection({
    url,
    token: async () => (typeof token === 'string' ? token : token()),
    WebSocket,
    environment: { ...platformEnvironment, ...rest.environment },
    onStatus,
  });
}
