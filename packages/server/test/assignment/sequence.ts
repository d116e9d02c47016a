import fc from 'fast-check';

/** A language, or none. */
export type Lang = 'en' | 'de' | undefined;

/** How a room treats its chats, as far as it varies. */
export interface RoomPolicy {
  assignOnCreate: boolean;
  maxAttempts: number;
  interval: number;
  onForeverAlone: 'waiting' | 'close';
  autoRetry: boolean;
  oneChatPerCustomer: boolean;
  invitedAgentGrace: number;
  ownerGrace: number;
  onOwnerLost: 'assign' | 'queue' | 'keep' | 'close';
  customerGrace: number;
  coolDown: number;
  pickTimeout: number;
}

/** What an agent logs in with. */
export interface Login {
  /** Which of the two rooms, or both. */
  rooms: 'first' | 'second' | 'both';
  langs: readonly ('en' | 'de')[];
  capacity: number;
}

/** Somebody who acts in a chat: its customer, its owner or, without one, an agent, or a back end. */
export type Actor = 'customer' | 'owner' | 'service';

/** What somebody sends. Numbers pick one of those who fit at that moment, counted round. */
export type SendCommand =
  | { kind: 'create'; customer: number; room: number; lang: Lang }
  | { kind: 'assign'; chat: number; by: Actor; options: AssignOptions | undefined }
  | { kind: 'accept' | 'reject'; invitation: number }
  | { kind: 'join'; chat: number; agent: number; by: 'agent' | 'service' }
  | { kind: 'leave' | 'close' | 'write'; chat: number; by: Actor }
  | { kind: 'inbox'; chat: number; by: Actor; room: number | undefined }
  | ({ kind: 'login'; agent: number } & Login)
  | { kind: 'logout'; agent: number }
  | { kind: 'status'; agent: number; status: 'available' | 'away' };

/** A connection that comes or goes, mostly of somebody who is needed; `crash` takes all of a user's at once. */
export interface ConnectionCommand {
  kind: 'connect' | 'disconnect' | 'crash';
  whose: 'invited' | 'owner' | 'any';
  person: number;
}

/** Things that happen in one turn. */
export type TurnCommand = SendCommand | ConnectionCommand;

export type Command =
  | TurnCommand
  /** Several things in one turn of the server. */
  | { kind: 'together'; commands: readonly TurnCommand[] }
  /** One thing in the very turn in which the next timer is due. */
  | { kind: 'race'; command: TurnCommand; first: 'timer' | 'command' }
  /** The same send twice in one turn, under one key. */
  | { kind: 'twice'; command: SendCommand }
  /** An earlier send once more under its key. */
  | { kind: 'again'; send: number }
  | { kind: 'wait' | 'jump'; seconds: number }
  /** Waits for the next timer, or until a moment before it or after it. */
  | { kind: 'until'; offset: -1 | 0 | 1 }
  /** The server stops and is started again; the bits say who comes back. */
  | { kind: 'restart'; seconds: number; back: number };

export interface AssignOptions {
  maxAttempts: number;
  interval: number;
}

export interface FirstChat {
  room: number;
  lang: Lang;
  /** Whether an agent is asked for at once. */
  assigned: boolean;
}

/** Everything that happens in one run. */
export interface Sequence {
  /** What chance inside the server starts from. */
  seed: number;
  policies: readonly [RoomPolicy, RoomPolicy];
  /** Who is logged in when it begins. */
  agents: readonly (Login & { tier: number })[];
  /** A customer each, whose chat waits when it begins. */
  customers: readonly FirstChat[];
  commands: readonly Command[];
}

/** Whether a command changes whom routing may invite, which the log does not tell of. */
export function changesRouting({ kind }: TurnCommand): boolean {
  return kind === 'login' || kind === 'logout' || kind === 'status';
}

/** Whether the server has to know users beyond their connections: by name, or after a restart. */
export function needsUsers(command: Command): boolean {
  switch (command.kind) {
    case 'together':
      return command.commands.some(needsUsers);
    case 'race':
    case 'twice':
      return needsUsers(command.command);
    case 'join':
      return command.by === 'service';
    default:
      return command.kind === 'restart';
  }
}

/** The most commands of a sequence. */
const longest = 10;

const number = fc.nat({ max: 99 });
const actor = fc.constantFrom<Actor>('customer', 'owner', 'service');
const lang = fc.constantFrom<Lang>(undefined, undefined, undefined, 'en', 'de');
const seconds = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 12 }) },
  { weight: 2, arbitrary: fc.integer({ min: 13, max: 140 }) },
);

const policy: fc.Arbitrary<RoomPolicy> = fc.record({
  assignOnCreate: fc.boolean(),
  maxAttempts: fc.constantFrom(1, 2, 2, 3, 4),
  interval: fc.constantFrom(5, 10, 30),
  onForeverAlone: fc.constantFrom('waiting', 'waiting', 'waiting', 'close'),
  autoRetry: fc.constantFrom(true, true, true, false),
  oneChatPerCustomer: fc.constantFrom(true, false),
  invitedAgentGrace: fc.constantFrom(5, 5, 0, 40),
  ownerGrace: fc.constantFrom(60, 10),
  onOwnerLost: fc.constantFrom('assign', 'assign', 'queue', 'keep', 'close'),
  customerGrace: fc.constantFrom(300, 20),
  coolDown: fc.constantFrom(120, 120, 10),
  pickTimeout: fc.constantFrom(1, 4, 20),
});

const login: fc.Arbitrary<Login> = fc.record({
  rooms: fc.constantFrom('first', 'first', 'both', 'second'),
  langs: fc.constantFrom([], [], [], ['en'], ['de', 'en']),
  capacity: fc.constantFrom(1, 1, 2, 3),
});

const firstChat: fc.Arbitrary<FirstChat> = fc.record({
  room: fc.constantFrom(0, 0, 0, 0, 1),
  lang,
  assigned: fc.constantFrom(true, true, false),
});

const options = fc.option(
  fc.record({ maxAttempts: fc.integer({ min: 1, max: 4 }), interval: fc.constantFrom(5, 12, 30) }),
  { nil: undefined, freq: 2 },
);

type Weighted<Value> = { weight: number; arbitrary: fc.Arbitrary<Value> };

const sends: Weighted<SendCommand>[] = [
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('create'),
      customer: number,
      room: fc.constantFrom(0, 0, 0, 1),
      lang,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('assign'), chat: number, by: actor, options }),
  },
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('accept'), invitation: number }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('reject'), invitation: number }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('join'),
      chat: number,
      agent: number,
      by: fc.constantFrom('agent', 'agent', 'agent', 'service'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('leave', 'close'), chat: number, by: actor }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('write'), chat: number, by: actor }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('inbox'),
      chat: number,
      by: actor,
      room: fc.constantFrom(undefined, 0, 1),
    }),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(login, number)
      .map(([how, agent]) => ({ kind: 'login' as const, agent, ...how })),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('logout'), agent: number }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('status'),
      agent: number,
      status: fc.constantFrom('available', 'available', 'away'),
    }),
  },
];

const connection: Weighted<ConnectionCommand> = {
  weight: 6,
  arbitrary: fc.record({
    kind: fc.constantFrom('connect', 'disconnect', 'crash', 'crash'),
    whose: fc.constantFrom('invited', 'owner', 'any'),
    person: number,
  }),
};

const send = fc.oneof(...sends);
const inTurn: fc.Arbitrary<TurnCommand> = fc.oneof(...sends, connection);

const commandsWithout: Weighted<Command>[] = [
  ...sends,
  connection,
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('together'),
      commands: fc.array(inTurn, { minLength: 2, maxLength: 4 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('race'),
      command: inTurn,
      first: fc.constantFrom('timer', 'command'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('twice'), command: send }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('again'), send: number }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait'), seconds }) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('until'), offset: fc.constantFrom(0, 0, -1, 1) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('jump'),
      seconds: fc.constantFrom(15, 200, 3600, 20_000),
    }),
  },
];

const restart: Weighted<Command> = {
  weight: 6,
  arbitrary: fc.record({
    kind: fc.constant('restart'),
    seconds: fc.constantFrom(0, 3, 40, 400),
    back: fc.nat({ max: 255 }),
  }),
};

/** From one up to so many; one or two more often than more. */
function few<Value>(arbitrary: fc.Arbitrary<Value>, most: number): fc.Arbitrary<Value[]> {
  const upTo = (maxLength: number) => fc.array(arbitrary, { minLength: 1, maxLength, size: 'max' });
  return fc.oneof(upTo(2), upTo(most));
}

/** Any sequence, with restarts of the server or without. */
export function anySequence({ restarts }: { restarts: boolean }): fc.Arbitrary<Sequence> {
  const command = fc.oneof(...commandsWithout, ...(restarts ? [restart] : []));
  return fc.record({
    seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    policies: fc.tuple(policy, policy),
    agents: fc.array(
      fc.tuple(login, fc.nat({ max: 2 })).map(([how, tier]) => ({ ...how, tier })),
      { minLength: 1, maxLength: 4, size: 'max' },
    ),
    customers: few(firstChat, 4),
    commands: fc.array(command, { minLength: 1, maxLength: longest, size: 'max' }),
  });
}
