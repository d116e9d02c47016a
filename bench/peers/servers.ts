/** A server in its own process. */
export interface PeerServer {
  url: string;
  close(): Promise<void>;
}

export interface StartOptions {
  /** For what it stores. */
  directory: string;
}

export type StartServer = (options: StartOptions) => Promise<PeerServer>;

/** Each is loaded only by its own process. */
export const servers = {
  'raw-ws': () => import('./raw-ws/server.ts'),
  'socket-io': () => import('./socket-io/server.ts'),
  trpc: () => import('./trpc/server.ts'),
  orpc: () => import('./orpc/server.ts'),
  parley: () => import('./parley/server.ts'),
  'parley-unguarded': () => import('./parley/unguarded-server.ts'),
} satisfies Record<string, () => Promise<{ default: StartServer }>>;

export type ServerName = keyof typeof servers;

export function isServerName(name: string): name is ServerName {
  return Object.hasOwn(servers, name);
}
