import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { connect, type Events } from '@parley/client';
import type { ListenEvents, SendEvents } from '@parley/contract';
import { type ServeOptions, signToken } from '@parley/server';

import { Chance } from '../delivery/chance.ts';
import { type Identity, secret, startServer } from '../harness.ts';
import { createVirtualEnvironment, type VirtualEnvironment } from '../virtual-environment.ts';

/** A server on a clock of the test's, where a back end has much happen in the chats of the agent Bob. */
export interface BusyDesk extends AsyncDisposable {
  readonly url: string;
  readonly clock: VirtualEnvironment;
  chance: Chance;
  token(identity: Identity, ttl?: number): Promise<string>;
  /** So many things happen in chats of Bob's. */
  bustle(count: number): Promise<void>;
  /** A chat that Bob is in, for the test alone. */
  quietChat(): Promise<string>;
  /** Does something as the back end. */
  act<Result>(work: (events: Events<SendEvents, ListenEvents>) => Promise<Result>): Promise<Result>;
  /** Starts the server anew at the same place. */
  restart(): Promise<void>;
}

export const bob: Identity = { sub: 'bob', role: 'agent', name: 'Bob' };

export async function startBusyDesk(
  seed: number,
  options: Partial<ServeOptions> = {},
): Promise<BusyDesk> {
  await using opened = new AsyncDisposableStack();
  const directory = opened.use(await mkdtempDisposable(join(tmpdir(), 'parley-busy-')));
  const clock = createVirtualEnvironment();
  const serving: Partial<ServeOptions> = {
    environment: clock,
    store: `sqlite:${join(directory.path, 'parley.db')}`,
    roomDefaults: { onOwnerLost: 'keep', customerGrace: 1_000_000, oneChatPerCustomer: false },
    ...options,
  };
  const chance = new Chance(seed);
  let server = await startServer(serving);
  const { url } = server;
  opened.defer(() => server[Symbol.asyncDispose]());
  const kept = opened.move();
  const open = new Set<string>();
  const said: string[] = [];
  let number = 0;

  const token = (identity: Identity, ttl = 864_000) =>
    signToken({ ...identity, secret, now: clock.now(), ttl });

  const act: BusyDesk['act'] = async (work) => {
    await using backend = connect({ url, token: () => token({ sub: 'backend', role: 'service' }) });
    return await work(backend);
  };

  async function begin({ send }: Events<SendEvents, ListenEvents>): Promise<string> {
    number += 1;
    const creator = `customer-${number}`;
    const { chat } = await send('chats:create', { room: 'sales', source: 'web', creator });
    await send('chats:join', { chatId: chat.id, userId: 'bob' });
    return chat.id;
  }

  async function happen(events: Events<SendEvents, ListenEvents>): Promise<void> {
    const { send } = events;
    const fate = chance.fraction();
    if (open.size === 0 || fate < 0.06) {
      open.add(await begin(events));
      return;
    }
    const chatId = chance.pick([...open]);
    if (fate < 0.75 || said.length === 0) {
      number += 1;
      const { message } = await send('messages:send', { chatId, message: `${number}` });
      said.push(message.id);
    } else if (fate < 0.85) {
      const [messageId] = chance.shuffle(said.filter((id) => id.startsWith(`${chatId}.`)));
      if (messageId !== undefined) await send('messages:read', { messageId, userId: 'bob' });
    } else if (fate < 0.93) {
      const created = new Date(clock.now() - chance.between(1, 1000) * 1000);
      number += 1;
      const entry = { sender: 'ann', message: `before ${number}`, created };
      await send('history:import', { chatId, history: [entry] });
    } else if (fate < 0.97) {
      await send('chats:close', { chatId });
      open.delete(chatId);
    } else {
      await send('chats:leave', { chatId, userId: 'bob' });
      open.delete(chatId);
    }
  }

  return {
    url,
    clock,
    chance,
    token,
    act,
    bustle: (count) =>
      act(async (events) => {
        for (let each = 0; each < count; each += 1) await happen(events);
      }),
    quietChat: () => act(begin),
    async restart() {
      await server[Symbol.asyncDispose]();
      server = await startServer({ ...serving, port: Number(new URL(url).port) });
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
