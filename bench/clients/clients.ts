import type { OpenClient } from './client.ts';

/** Each is loaded only by its own process. */
export const clients = {
  trpc: () => import('./trpc.ts'),
  parley: () => import('./parley.ts'),
  wire: () => import('./wire.ts'),
} satisfies Record<string, () => Promise<{ default: OpenClient }>>;

export type ClientName = keyof typeof clients;

export function isClientName(name: string): name is ClientName {
  return Object.hasOwn(clients, name);
}
