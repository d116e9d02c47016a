import type { User } from './identity.ts';

/** Asks the server for a token, which it gives in development and to this machine only. */
export async function fetchToken({ id, name, role, rooms }: User): Promise<string> {
  const response = await fetch('/dev/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sub: id, name, role, rooms }),
  });
  if (!response.ok) {
    throw new Error('This server signs no tokens here. Add an identity with a token of your own.');
  }
  const { token } = (await response.json()) as { token: string };
  return token;
}
