import { Chance } from './chance.ts';
import {
  type Heard,
  type Listening,
  type Logged,
  messageName,
  type Run,
  type Step,
} from './history.ts';

/** A run without a fault: several clients write in several chats at once, and every end a send can have is among them. */
export function randomRun(seed: number): Run {
  const chance = new Chance(seed);
  const clients = ['ann', 'bob', 'cleo'];
  const chats = ['c_1', 'c_2', 'c_3', 'c_4'];
  const steps: Step[] = [];
  const log: Logged[] = [];
  const seqs = new Map<string, number>();
  /** What each client waits for in each chat. */
  const pending = new Map<string, Pending>();
  let at = 0;

  const append = (name: string, chatId: string, rest: Partial<Logged>) => {
    const seq = (seqs.get(chatId) ?? 0) + 1;
    seqs.set(chatId, seq);
    const logged: Logged = {
      position: log.length + 1,
      name,
      chatId,
      seq,
      author: 'system',
      key: undefined,
      text: undefined,
      ...rest,
    };
    log.push(logged);
    return logged;
  };
  for (const chatId of chats) append('chats:create', chatId, {});

  for (let turn = 0; turn < 500; turn += 1) {
    at += chance.below(5);
    const [client, chatId] = [chance.pick(clients), chance.pick(chats)];
    const place = `${client} ${chatId}`;
    const send = pending.get(place);
    if (!send) {
      const key = `key ${turn}`;
      const text = `text ${turn}`;
      const fate = chance.pick(fates);
      pending.set(place, { client, chatId, key, text, fate, tries: 0 });
      steps.push({ kind: 'invoke', client, key, chatId, text, at });
    } else if (send.fate.effect && !send.effect) {
      send.effect = append(messageName, chatId, { author: client, key: send.key, text: send.text });
      if (chance.below(4) === 0) append('messages:read', chatId, { author: client });
    } else {
      pending.delete(place);
      steps.push(endOf(send, at));
    }
  }
  for (const send of pending.values()) {
    if (send.effect || !send.fate.effect) steps.push(endOf(send, at));
    else steps.push({ kind: 'unknown', key: send.key, at });
  }
  return {
    steps,
    log,
    listenings: clients.flatMap((name) => listeningsOf(name, log, chats, chance)),
  };
}

interface Fate {
  end: 'ok' | 'fail' | 'unknown';
  effect: boolean;
}

interface Pending {
  client: string;
  chatId: string;
  key: string;
  text: string;
  fate: Fate;
  tries: number;
  effect?: Logged;
}

const ok: Fate = { end: 'ok', effect: true };
const fates: readonly Fate[] = [
  ...[ok, ok, ok, ok, ok],
  { end: 'fail', effect: false },
  { end: 'unknown', effect: false },
  { end: 'unknown', effect: true },
];

function endOf({ key, fate, effect }: Pending, at: number): Step {
  if (fate.end === 'fail') return { kind: 'fail', key, code: 'NOT_FOUND', at };
  if (fate.end === 'unknown') return { kind: 'unknown', key, at };
  return { kind: 'ok', key, seq: effect?.seq ?? 0, replayed: false, at };
}

/** Somebody who hears some chats from some position on, and is started once more from where it was stopped. */
function listeningsOf(
  listener: string,
  log: readonly Logged[],
  allChats: readonly string[],
  chance: Chance,
): Listening[] {
  const chats = listener === 'ann' ? 'all' : new Set(chance.shuffle(allChats).slice(0, 2));
  const began = chance.below(Math.floor(log.length / 4));
  const messages = log.filter(
    ({ name, chatId = '', position }) =>
      name === messageName && position > began && (chats === 'all' || chats.has(chatId)),
  );
  const stopped = Math.floor(messages.length / 2);
  const until = messages[stopped - 1]?.position ?? began;
  return [
    { listener, chats, after: began, until, heard: messages.slice(0, stopped).map(asHeard) },
    {
      listener,
      chats,
      after: until,
      until: undefined,
      heard: messages.slice(stopped).map(asHeard),
    },
  ];
}

function asHeard({ position, chatId = '', seq = 0, author, text = '' }: Logged): Heard {
  return { position, chatId, seq, author, text };
}
