import type { Chance } from './chance.ts';
import type { Fault } from './finding.ts';
import {
  type Heard,
  type Listening,
  type Logged,
  messageName,
  type Run,
  type Step,
} from './history.ts';

/** A fault of a server or client, as it would show in a run. */
export interface Plant {
  what: string;
  /** What it has to be found as. */
  fault: Fault;
  /** The run with the fault in it. */
  plant(run: Run, chance: Chance): Run;
}

export const plants: readonly Plant[] = [
  {
    what: 'an acknowledged send that is not in the log',
    fault: 'acknowledged send lost',
    plant: (run, chance) => dropLogged(run, effectOf(run, chance, 'ok')),
  },
  {
    what: 'an acknowledged send that has its effect twice',
    fault: 'doubled effect',
    plant: (run, chance) => appendLogged(run, effectOf(run, chance, 'ok')),
  },
  {
    what: 'a send without a definite end that has its effect twice',
    fault: 'unknown send twice',
    plant: (run, chance) => appendLogged(run, effectOf(run, chance, 'unknown')),
  },
  {
    what: 'a refused send that is in the log',
    fault: 'failed send in the log',
    plant(run, chance) {
      const { key } = chance.pick(run.steps.filter(({ kind }) => kind === 'fail'));
      const invoke = run.steps.find((step) => step.kind === 'invoke' && step.key === key);
      if (invoke?.kind !== 'invoke') throw new Error('Every send begins.');
      const { client, chatId, text } = invoke;
      const like = effectOf(run, chance, 'ok');
      return appendLogged(run, { ...like, author: client, chatId, key, text });
    },
  },
  {
    what: 'a message that nobody sent',
    fault: 'nobody sent it',
    plant: (run, chance) =>
      appendLogged(run, { ...effectOf(run, chance, 'ok'), key: 'a key of nobody' }),
  },
  {
    what: 'a message with the text of another',
    fault: 'wrong data in the log',
    plant(run, chance) {
      const effect = effectOf(run, chance, 'ok');
      return replaceLogged(run, effect, { ...effect, text: 'something else' });
    },
  },
  {
    what: 'a reply with the place of another message',
    fault: 'reply names another place',
    plant(run, chance) {
      const step = chance.pick(run.steps.filter(({ kind }) => kind === 'ok'));
      const wrong = step.kind === 'ok' ? { ...step, seq: step.seq + 1 } : step;
      return { ...run, steps: run.steps.map((each) => (each === step ? wrong : each)) };
    },
  },
  {
    what: 'a send that is answered twice',
    fault: 'not ended once',
    plant(run, chance) {
      const step = chance.pick(run.steps.filter(({ kind }) => kind === 'ok'));
      return { ...run, steps: [...run.steps, step] };
    },
  },
  {
    what: 'a position that is given to nothing',
    fault: 'gap in the log',
    plant(run, chance) {
      const { position } = effectOf(run, chance, 'ok');
      const later = (each: number) => (each >= position ? each + 1 : each);
      return {
        ...run,
        log: run.log.map((each) => ({ ...each, position: later(each.position) })),
        listenings: run.listenings.map((each) => ({
          ...each,
          heard: each.heard.map((heard) => ({ ...heard, position: later(heard.position) })),
        })),
      };
    },
  },
  {
    what: 'a seq of a chat that is given to nothing',
    fault: 'gap in a chat',
    plant(run, chance) {
      const { chatId, position } = effectOf(run, chance, 'ok');
      const log = run.log.map((each) =>
        each.chatId === chatId && each.position >= position
          ? { ...each, seq: (each.seq ?? 0) + 1 }
          : each,
      );
      return { ...run, log };
    },
  },
  {
    what: 'a send that comes before another that was acknowledged before it began',
    fault: 'order against time',
    plant: (run, chance) =>
      swapLogged(
        run,
        effectsApart(run, chance, () => true),
      ),
  },
  {
    what: 'two sends of a client in one chat that changed places',
    fault: 'order of a client',
    plant(run, chance) {
      const isLikeOne = (one: Logged, other: Logged) =>
        one.author === other.author && one.chatId === other.chatId;
      return swapLogged(run, effectsApart(run, chance, isLikeOne));
    },
  },
  {
    what: 'an occurrence that is heard twice',
    fault: 'doubled delivery',
    plant: (run, chance) =>
      changeHeard(run, chance, (heard, index) => heard.toSpliced(index, 0, at(heard, index))),
  },
  {
    what: 'an occurrence that is not heard',
    fault: 'gap in a listener',
    plant: (run, chance) =>
      changeHeard(run, chance, (heard, index) => heard.toSpliced(Math.max(index, 1), 1)),
  },
  {
    what: 'a listener that hears nothing from some point on',
    fault: 'gap in a listener',
    plant: (run, chance) => changeHeard(run, chance, (heard, index) => heard.slice(0, index)),
  },
  {
    what: 'two occurrences that are heard in the other order',
    fault: 'swapped delivery',
    plant: (run, chance) =>
      changeHeard(run, chance, (heard, index) => {
        const first = Math.min(index, heard.length - 2);
        return heard.toSpliced(first, 2, at(heard, first + 1), at(heard, first));
      }),
  },
  {
    what: 'an occurrence that is heard with the data of another',
    fault: 'wrong data heard',
    plant: (run, chance) =>
      changeHeard(run, chance, (heard, index) =>
        heard.with(index, { ...at(heard, index), text: 'something else' }),
      ),
  },
  {
    what: 'an occurrence of a chat that the listener is not in',
    fault: 'foreign chat heard',
    plant(run, chance) {
      const listening = chance.pick(run.listenings.filter(({ chats }) => chats !== 'all'));
      const { chats, after } = listening;
      const foreign = run.log.filter(
        ({ name, chatId = '', position }) =>
          name === messageName && chats !== 'all' && !chats.has(chatId) && position > after,
      );
      const { position, chatId = '', seq = 0, author, text = '' } = chance.pick(foreign);
      const heard = [...listening.heard, { position, chatId, seq, author, text }];
      return replaceListening(run, listening, heard);
    },
  },
  {
    what: 'an occurrence that is heard and not in the log',
    fault: 'heard what is not in the log',
    plant: (run, chance) =>
      changeHeard(run, chance, (heard) => [
        ...heard,
        { ...at(heard, 0), position: run.log.length + 1 },
      ]),
  },
  {
    what: 'a resumed listener that starts too late',
    fault: 'started too late',
    plant(run, chance) {
      const resumed = run.listenings.filter(({ until }) => until === undefined);
      const listening = chance.pick(resumed);
      return replaceListening(run, listening, listening.heard.slice(1));
    },
  },
  {
    what: 'a resumed listener that starts too early',
    fault: 'started too early',
    plant(run, chance) {
      const resumed = chance.pick(run.listenings.filter(({ until }) => until === undefined));
      const before = run.listenings.find(({ until }) => until === resumed.after);
      const last = before?.heard.at(-1);
      if (!last) throw new Error('A resumed listener has heard something before.');
      return replaceListening(run, resumed, [last, ...resumed.heard]);
    },
  },
];

function effects(run: Run, end: Step['kind']): Logged[] {
  const keys = new Set(run.steps.filter(({ kind }) => kind === end).map(({ key }) => key));
  return run.log.filter(({ name, key = '' }) => name === messageName && keys.has(key));
}

function effectOf(run: Run, chance: Chance, end: Step['kind']): Logged {
  return chance.pick(effects(run, end));
}

/** Two messages, the later of which was sent after the earlier had been acknowledged. */
function effectsApart(
  { steps, log }: Run,
  chance: Chance,
  fits: (one: Logged, other: Logged) => boolean,
): [Logged, Logged] {
  const begins = new Map<string, number>();
  const ends = new Map<string, number>();
  for (const [index, { kind, key }] of steps.entries()) {
    if (kind === 'invoke') begins.set(key, index);
    if (kind === 'ok') ends.set(key, index);
  }
  const messages = log.filter(({ name }) => name === messageName);
  const pairs = messages.flatMap((one) =>
    messages
      .filter((other) => (ends.get(one.key ?? '') ?? Infinity) < (begins.get(other.key ?? '') ?? 0))
      .filter((other) => fits(one, other))
      .map((other): [Logged, Logged] => [one, other]),
  );
  return chance.pick(pairs);
}

function dropLogged(run: Run, logged: Logged): Run {
  return { ...run, log: run.log.filter((each) => each !== logged) };
}

function replaceLogged(run: Run, logged: Logged, other: Logged): Run {
  return { ...run, log: run.log.map((each) => (each === logged ? other : each)) };
}

/** Adds it once more, at the end. */
function appendLogged(run: Run, logged: Logged): Run {
  const seq = Math.max(
    ...run.log.filter(({ chatId }) => chatId === logged.chatId).map((each) => each.seq ?? 0),
  );
  const added = { ...logged, position: run.log.length + 1, seq: seq + 1 };
  return { ...run, log: [...run.log, added] };
}

/** Lets two messages change places. */
function swapLogged(run: Run, [one, other]: [Logged, Logged]): Run {
  const placed = (logged: Logged, { position, chatId, seq }: Logged) => ({
    ...logged,
    position,
    chatId,
    seq,
  });
  const log = run.log.map((each) => {
    if (each === one) return placed(other, one);
    return each === other ? placed(one, other) : each;
  });
  return { ...run, log };
}

function replaceListening(run: Run, listening: Listening, heard: readonly Heard[]): Run {
  const listenings = run.listenings.map((each) => (each === listening ? { ...each, heard } : each));
  return { ...run, listenings };
}

function changeHeard(
  run: Run,
  chance: Chance,
  change: (heard: readonly Heard[], index: number) => readonly Heard[],
): Run {
  const listening = chance.pick(run.listenings.filter(({ heard }) => heard.length > 2));
  const { heard } = listening;
  return replaceListening(run, listening, change(heard, chance.between(1, heard.length - 1)));
}

function at(heard: readonly Heard[], index: number): Heard {
  const each = heard[index];
  if (!each) throw new Error(`Nothing was heard at ${index}.`);
  return each;
}
