import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';

import { firstSeed, profile } from '../profile.ts';
import { Office } from './office.ts';
import { type Heard, type Listening, Peer } from './peer.ts';

/** How many random runs. */
const runs = { newcomer: 60, ci: 1000, long: 10_000 }[profile()];

/** The customer of the chat, another customer whom a back end lets in and out, and an agent. */
const roles = { otto: 'customer', cleo: 'customer', abel: 'agent' } as const;

type Person = keyof typeof roles;

type Step = 'write' | 'whisper' | 'settle' | 'toinbox' | `${'join' | 'leave'} ${Person}` | Revoke;
type Revoke = `revoke ${Person}`;

const steps = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom<Step>('write', 'whisper') },
    { weight: 5, arbitrary: fc.constantFrom<Step>('join cleo', 'join abel') },
    { weight: 4, arbitrary: fc.constantFrom<Step>('leave cleo', 'leave abel', 'toinbox') },
    { weight: 1, arbitrary: fc.constantFrom<Step>('revoke cleo', 'revoke abel', 'revoke otto') },
    { weight: 1, arbitrary: fc.constant<Step>('settle') },
  ),
  { minLength: 5, maxLength: 30 },
);

const told = ['messages:new', 'chats:join', 'chats:leave'];

const Chat = z.looseObject({ chat: z.looseObject({ id: z.string() }) });
const Data = z.looseObject({
  user: z.looseObject({ id: z.string() }).optional(),
  message: z.looseObject({ visibility: z.string() }).optional(),
});

/** One chat and its people, who have never been here before. */
class Run {
  readonly #office: Office;
  readonly #peers: Record<Person, Peer>;
  readonly #live: Record<Person, Listening[]>;
  readonly #chatId: string;
  /** After which position somebody hears nothing. */
  readonly #revoked = new Map<Person, number>();
  #pending: Promise<unknown>[] = [];

  private constructor(office: Office, chatId: string, everybody: Everybody) {
    this.#office = office;
    this.#chatId = chatId;
    this.#peers = everybody.peers;
    this.#live = everybody.live;
  }

  static async start(office: Office, number: number): Promise<Run> {
    const [otto, cleo, abel] = await Promise.all([
      enter(office, 'otto', number),
      enter(office, 'cleo', number),
      enter(office, 'abel', number),
    ]);
    await abel.peer.send('agents:login', { rooms: ['sales'] });
    const { chat } = await otto.peer.reply('chats:create', { room: 'sales', source: 'web' }, Chat);
    const peers = { otto: otto.peer, cleo: cleo.peer, abel: abel.peer };
    return new Run(office, chat.id, {
      peers,
      live: { otto: otto.live, cleo: cleo.live, abel: abel.live },
    });
  }

  /** Does it without waiting, so that what follows meets it anywhere on its way. */
  async take(step: Step): Promise<void> {
    if (step === 'settle') await this.#settle();
    else this.#pending.push(this.#do(step));
  }

  /** What somebody heard, and what was to be heard. */
  async outcome() {
    await this.#settle();
    const log = await this.#log();
    const found: Record<string, { heard: number[]; expected: number[] }> = {};
    for (const person of people) {
      const live = this.#live[person].flatMap(({ heard }) => heard);
      found[person] = {
        heard: positionsOf(live),
        expected: positionsOf(this.#expected(person, log)),
      };
      if (this.#revoked.has(person)) continue;
      found[`${person} in a replay`] = {
        heard: positionsOf(await this.#replay(person)),
        expected: positionsOf(this.#expectedAgain(person, log)),
      };
    }
    // Otherwise the queue of the room grows from run to run.
    await this.#office.peer('backend').send('chats:close', { chatId: this.#chatId });
    for (const person of people) await this.#peers[person][Symbol.asyncDispose]();
    return found;
  }

  async #do(step: Exclude<Step, 'settle'>) {
    const chatId = this.#chatId;
    const backend = this.#office.peer('backend');
    const { abel, cleo } = this.#peers;
    switch (step) {
      case 'write':
        return backend.send('messages:send', { chatId, message: 'For all' });
      case 'whisper':
        return backend.send('messages:send', {
          chatId,
          message: 'For agents',
          visibility: 'agents',
        });
      case 'join cleo':
        return backend.send('chats:join', { chatId, userId: cleo.id });
      case 'leave cleo':
        return backend.send('chats:leave', { chatId, userId: cleo.id });
      case 'join abel':
        return backend.send('chats:join', { chatId, userId: abel.id });
      case 'leave abel':
        return backend.send('chats:leave', { chatId, userId: abel.id });
      case 'toinbox':
        return backend.send('chats:toinbox', { chatId });
      default:
        return this.#revoke(step);
    }
  }

  async #revoke(step: string) {
    const person = people.find((each) => step.endsWith(each)) ?? 'otto';
    const { position } = await this.#office.server.revoke(this.#peers[person].id);
    this.#revoked.set(person, Math.min(position, this.#revoked.get(person) ?? position));
  }

  async #settle() {
    await Promise.all(this.#pending);
    this.#pending = [];
    for (const person of people) {
      if (this.#revoked.has(person)) await this.#peers[person].closed;
      else await this.#peers[person].caughtUp();
    }
  }

  /** All that happened in the chat. */
  async #log(): Promise<Heard[]> {
    const reader = { sub: 'reader', role: 'service' } as const;
    await using peer = await Peer.connect(this.#office.server.url, reader);
    const from = { lastEventId: '0', chatId: this.#chatId };
    const heard = await Promise.all(told.map((name) => peer.listen(name, from)));
    await peer.caughtUp();
    return heard.flatMap((each) => each.heard).toSorted((one, other) => at(one) - at(other));
  }

  /** From joining to leaving, both included, and nothing after a revocation. */
  #expected(person: Person, log: readonly Heard[]): Heard[] {
    const { id } = this.#peers[person];
    const until = this.#revoked.get(person) ?? Number.POSITIVE_INFINITY;
    // Chats are created with their customer in them.
    let inside = person === 'otto';
    const heard: Heard[] = [];
    for (const occurrence of log) {
      const isOwn = Data.parse(occurrence['data']).user?.id === id;
      if (isOwn && occurrence.name === 'chats:join') inside = true;
      if (inside && isFor(person, occurrence) && at(occurrence) <= until) heard.push(occurrence);
      if (isOwn && occurrence.name === 'chats:leave') inside = false;
    }
    return heard;
  }

  /** Who is in a chat may read all of it; who has left, up to the leave. */
  #expectedAgain(person: Person, log: readonly Heard[]): Heard[] {
    const { id } = this.#peers[person];
    const own = log.filter(({ data }) => Data.parse(data).user?.id === id);
    const last = own.at(-1);
    if (!last && person !== 'otto') return [];
    const until = last?.name === 'chats:leave' ? at(last) : Number.POSITIVE_INFINITY;
    return log.filter((each) => isFor(person, each) && at(each) <= until);
  }

  async #replay(person: Person): Promise<Heard[]> {
    const peer = this.#peers[person];
    const from = { lastEventId: '0', chatId: this.#chatId };
    const heard = await Promise.all(told.map((name) => peer.listen(name, from)));
    await peer.caughtUp();
    return heard.flatMap((each) => each.heard);
  }
}

interface Everybody {
  peers: Record<Person, Peer>;
  live: Record<Person, Listening[]>;
}

const people: readonly Person[] = ['otto', 'cleo', 'abel'];

async function enter(office: Office, person: Person, run: number) {
  const identity = { sub: `${person}-${run}`, role: roles[person], name: person };
  const peer = await Peer.connect(office.server.url, identity);
  const live = await Promise.all(told.map((name) => peer.listen(name)));
  return { peer, live };
}

const at = ({ position }: Heard) => position ?? 0;

const positionsOf = (heard: readonly Heard[]) =>
  heard.map(at).toSorted((one, other) => one - other);

function isFor(person: Person, { data }: Heard): boolean {
  const isHidden = Data.parse(data).message?.visibility === 'agents';
  return !isHidden || roles[person] !== 'customer';
}

test(`who was removed or revoked hears nothing after that position, and all before it: ${runs} random runs`, async () => {
  await using office = await Office.open();
  const seed = firstSeed();
  const seen = { runs: 0, heard: 0, revoked: 0 };
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const run = await Run.start(office, (seen.runs += 1));
      for (const step of taken) await run.take(step);
      for (const [who, { heard, expected }] of Object.entries(await run.outcome())) {
        seen.heard += heard.length;
        expect(heard, who).toEqual(expected);
      }
      if (taken.some((step) => step.startsWith('revoke'))) seen.revoked += 1;
    }),
    { numRuns: runs, seed },
  );
  console.log(
    `seed ${seed}: ${seen.runs} runs, ${seen.revoked} with revocations, ${seen.heard} occurrences heard`,
  );
  expect(seen.revoked).toBeGreaterThan(0);
}, 600_000);
