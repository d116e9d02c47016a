import type { Environment } from '@parley/server';
import * as z from 'zod';

import { startServer, type TestServer } from '../../harness.ts';
import { createVirtualEnvironment, type VirtualEnvironment } from '../../virtual-environment.ts';
import { valueIn } from '../answer.ts';
import { Connection } from '../connection.ts';
import { backend } from '../desk.ts';
import { intendedDifferences } from '../intended-differences.ts';
import type { Socket } from '../sockets.ts';
import type { Frame } from './frame.ts';
import type { Sequence } from './sequence.ts';
import { today, type Tokens } from './tokens.ts';

/** What a sequence begins with: Ann's chat with the other user in it and one message, and a chat of somebody else. */
interface Setting {
  chat: string;
  otherChat: string;
  position: number;
  annId: string;
  otherId: string;
}

/** All that came over one connection. */
export interface Transcript {
  frames: readonly string[];
  /** The code it was closed with, while the sequence ran. */
  code: number | undefined;
}

export type Transcripts = Record<'ann' | 'other', Transcript>;

const Created = z.object({ chat: z.object({ id: z.string() }) });
const Fetched = z.object({ cursor: z.string() });

interface SideOptions {
  socket: Socket;
  server: TestServer;
  environment: VirtualEnvironment;
  /** Sets the stage for each sequence. */
  backend: Connection;
  tokens: Tokens;
}

/** One of the two servers, with its clock standing still. */
export class Side implements AsyncDisposable {
  readonly #options: SideOptions;

  private constructor(options: SideOptions) {
    this.#options = options;
  }

  static async start(socket: Socket, tokens: Tokens): Promise<Side> {
    const environment = { ...createVirtualEnvironment(today), random: createCounting() };
    const server = await startServer({ socket, environment });
    const connection = await Connection.as(server.url, backend);
    return new Side({ socket, server, environment, backend: connection, tokens });
  }

  /** Plays a sequence with users that nobody was before. */
  async play(sequence: Sequence, number: number): Promise<Transcripts> {
    const { socket, server, environment, tokens } = this.#options;
    const { url } = server;
    const { query, entry } = sequence;
    const setting = await this.#set(number);
    const annToken = await tokens.of(setting.annId, 'customer');
    const otherToken = await tokens.of(setting.otherId, sequence.other);
    await using ann = await Connection.open(url + query);
    await using other = await Connection.open(url + asksForParameters);
    const connections = { ann, other };
    for (const frame of entry.frames) send(ann, frame, setting, annToken);
    other.send({ data: { token: otherToken } });
    const isOpen = entry.isUnderstood || query !== asksForParameters;
    await Promise.all([isOpen ? roundTrip(ann) : ann.closed, roundTrip(other)]);
    await this.#settle(connections);
    for (const { from, frames, subscribes } of sequence.volleys) {
      const sent = socket === 'trpc' ? frames.flatMap(forOracle) : frames;
      for (const frame of sent) send(connections[from], frame, setting, annToken);
      await connections[from].ping();
      // What is replayed is read only once the subscription has started.
      if (subscribes) await environment.settle();
      await this.#settle(connections);
    }
    return { ann: transcriptOf(ann), other: transcriptOf(other) };
  }

  async #set(number: number): Promise<Setting> {
    const [annId, otherId] = [`ann-${number}`, `other-${number}`];
    const ask = async (name: string, data: object) =>
      valueIn(await this.#options.backend.sendEvent(name, data));
    const create = async (creator: string) =>
      Created.parse(await ask('chats:create', { room: `room-${number}`, source: 'web', creator }))
        .chat.id;
    const [chat, otherChat] = await Promise.all([create(annId), create(`stranger-${number}`)]);
    const [, , fetched] = await Promise.all([
      ask('chats:join', { chatId: chat, userId: otherId }),
      ask('messages:send', { chatId: chat, message: 'Before' }),
      ask('chats:get', { chatId: chat }),
    ]);
    const position = Number(Fetched.parse(fetched).cursor);
    return { chat, otherChat, position, annId, otherId };
  }

  /** Waits until all that was read has had its effects, and they have arrived. */
  async #settle({ ann, other }: Record<'ann' | 'other', Connection>) {
    await this.#options.environment.settle();
    await Promise.all([ann.ping(), other.ping()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#options.backend[Symbol.asyncDispose]();
    await this.#options.server[Symbol.asyncDispose]();
  }
}

const asksForParameters = '?connectionParams=1';

/** Chance that counts: what is made later sorts later, on both sides, however many ids either makes in between. */
function createCounting(): Environment['random'] {
  let count = 0;
  return {
    bytes(size) {
      count += 1;
      return Uint8Array.from(
        { length: size },
        (_, index) => Math.floor(count / 32 ** (size - 1 - index)) % 32,
      );
    },
  };
}

/** Resolves when the server knows who it is. */
async function roundTrip(connection: Connection): Promise<void> {
  await connection.sendEvent('users:chats', {}, 'first');
}

/** The frames that have on tRPC's adapter the effect that one is meant to have on ours. */
function forOracle(frame: Frame): Frame[] {
  if (!('text' in frame) || !frame.text.startsWith('[')) return [frame];
  let batches: (readonly unknown[])[] = [z.array(z.unknown()).parse(JSON.parse(frame.text))];
  for (const { forOracle: split } of intendedDifferences) {
    if (split) batches = batches.flatMap((each) => split(each));
  }
  return batches.map((each) => ({ text: JSON.stringify(each) }));
}

function send(connection: Connection, frame: Frame, setting: Setting, token: string) {
  const { chat, otherChat, position } = setting;
  const fill = (text: string) =>
    text
      .replaceAll('$chat', chat)
      .replaceAll('$other', otherChat)
      .replaceAll('$token', token)
      .replaceAll(/\$position(?:\+(\d))?/g, (_, more = '0') => String(position + Number(more)));
  if ('binary' in frame) connection.sendBinary(fill(frame.binary));
  else connection.sendText(fill(frame.text));
}

function transcriptOf({ frames, closeCode }: Connection): Transcript {
  return { frames: [...frames], code: closeCode };
}
