import type { Chat, Furniture, Peer } from '../peers/peer.ts';
import { ServerProcess } from './server-process.ts';
import { makeStoreDirectory } from './store-directory.ts';

/** A store with chats in it, and no server: each round starts one on it. */
export interface Furnished extends AsyncDisposable {
  peer: Peer;
  directory: string;
  chats: readonly Chat[];
}

export async function furnishOnce(peer: Peer, furniture: Furniture): Promise<Furnished> {
  const directory = await makeStoreDirectory();
  await using server = await ServerProcess.start(peer.server, directory.path);
  const chats = await peer.furnish(server.url, furniture);
  return {
    peer,
    directory: directory.path,
    chats,
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}
