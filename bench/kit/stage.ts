import type { Furniture, Peer } from '../peers/peer.ts';
import type { ServerName } from '../peers/servers.ts';
import { atOnce } from './at-once.ts';
import { Connection } from './connection.ts';
import { opening } from './crowd.ts';
import { Template } from './frames.ts';
import { ServerProcess } from './server-process.ts';

/** One member of a chat, connected. */
export interface Seat {
  connection: Connection;
  /** Sent in turn; a workload ends only after the last of them. */
  requests: readonly Template[];
  publications: readonly Template[];
}

export interface StagedChat {
  id: string;
  /** Who says something, in turn. */
  speakers: readonly Seat[];
  /** Who is subscribed. */
  hearers: readonly Seat[];
  /** How much was published so far. */
  published: number;
}

/** A server with everybody connected and subscribed. */
export interface Stage extends AsyncDisposable {
  peer: Peer;
  server: ServerProcess;
  chats: readonly StagedChat[];
  /** Everybody, chat by chat. */
  seats: readonly Seat[];
}

export interface StageOptions extends Furniture {
  peer: Peer;
  /** The peer's unless told. */
  server?: ServerName;
  /** The first member of each chat speaks and is not subscribed, the others listen; else all speak and listen. */
  oneSpeaks?: boolean;
  /** Nobody is subscribed. */
  deaf?: boolean;
}

export async function setStage(options: StageOptions): Promise<Stage> {
  const { peer, oneSpeaks = false, deaf = false } = options;
  const server = await ServerProcess.start(options.server ?? peer.server);
  const chats = await peer.furnish(server.url, options);
  const staged: StagedChat[] = [];
  const all: Seat[] = [];
  for (const chat of chats) {
    const subscription = peer.subscription(chat);
    const places = chat.members.map((member, index) => ({
      member,
      hears: !deaf && !(oneSpeaks && index === 0),
    }));
    const seated = await atOnce(opening, places, async ({ member, hears }) => {
      const connection = await Connection.open(peer, server.url, member);
      if (hears) await connection.subscribe(subscription);
      const template = (content: string) => new Template(content);
      const seat: Seat = {
        connection,
        requests: peer.request(chat, member).map(template),
        publications: peer.publication(chat, member).map(template),
      };
      return { seat, hears };
    });
    const seats = seated.map(({ seat }) => seat);
    const hearers = seated.filter(({ hears }) => hears).map(({ seat }) => seat);
    const speakers = oneSpeaks ? seats.slice(0, 1) : seats;
    staged.push({ id: chat.id, speakers, hearers, published: 0 });
    all.push(...seats);
  }
  return {
    peer,
    server,
    chats: staged,
    seats: all,
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map(({ connection }) => connection.close()));
      await server[Symbol.asyncDispose]();
    },
  };
}
