import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import {
  type Arrival,
  coreAlgorithms,
  drawPlot,
  makeArrivals,
  makeStaff,
  type Outcome,
  printTable,
  readRecording,
  simulate,
  type StaffMember,
  summarize,
} from '@parley/server';
import { defineCommand } from 'citty';

import { UsageError } from '../failure.ts';
import { numberArguments, readNumbers } from '../number-options.ts';

const numberOptions = {
  agents: { what: 'Agents', usual: 50, least: 1, most: 1000, whole: true },
  capacity: { what: 'Chats an agent may have at once', usual: 3, least: 1, most: 100, whole: true },
  chats: { what: 'Chats that come', usual: 5000, least: 1, most: 1_000_000, whole: true },
  hours: { what: 'Hours in which they come, from midnight', usual: 24, least: 1, most: 8760 },
  interval: { what: 'Seconds an invitation lasts', usual: 30, least: 5, most: 3600, whole: true },
  'max-attempts': { what: 'Invitations per assignment', usual: 3, least: 1, most: 20, whole: true },
  'answer-seconds': { what: 'Mean time to answer one', usual: 8, least: 0.1, most: 3600 },
  slowdown: { what: 'How much longer per open chat', usual: 0.5, least: 0, most: 100 },
  'miss-rate': { what: 'Share of invitations let pass', usual: 0.1, least: 0, most: 1 },
  'reject-rate': { what: 'Share of invitations rejected', usual: 0.05, least: 0, most: 1 },
  'handle-minutes': { what: 'Mean length of a chat', usual: 12, least: 0.1, most: 1440 },
  'patience-minutes': { what: 'Mean wait before giving up', usual: 10, least: 0.1, most: 1440 },
  'away-minutes': { what: 'Mean pause after two misses', usual: 5, least: 0.1, most: 1440 },
  seed: { what: 'The same gives the same chats', usual: 1, least: 0, most: 2 ** 32, whole: true },
};

type Numbers = Record<keyof typeof numberOptions, number>;

const known = coreAlgorithms.map(({ name }) => name);

export default defineCommand({
  meta: {
    name: 'simulate',
    description: 'Routes a day of chats on a virtual clock, and compares algorithms.',
  },
  args: {
    algorithm: {
      type: 'string',
      description: `One or more of ${known.join(', ')}; all unless told`,
    },
    ...numberArguments(numberOptions),
    store: { type: 'string', description: 'Replays the chats of a store, such as sqlite:<file>' },
    plot: { type: 'string', description: 'Draws into this SVG file' },
    json: { type: 'boolean', description: 'Prints JSON instead of a table' },
  },
  async run({ args, rawArgs }) {
    const [stray] = args._;
    if (stray !== undefined) throw new UsageError(`There is no use for ${JSON.stringify(stray)}.`);
    const algorithms = readAlgorithms(rawArgs);
    const numbers = readNumbers(numberOptions, args);
    if (numbers['miss-rate'] + numbers['reject-rate'] > 1) {
      throw new UsageError('--miss-rate and --reject-rate are shares, together at most 1.');
    }
    const { plot } = args;
    if (plot !== undefined && !existsSync(dirname(resolve(plot)))) {
      throw new UsageError(`There is no directory ${dirname(plot)} for the plot.`);
    }
    const day = args.store === undefined ? madeDay(numbers) : await recordedDay(args, numbers);

    const outcomes: Outcome[] = [];
    for (const algorithm of algorithms) {
      const onProgress = progressOf(algorithm);
      outcomes.push(await simulate({ ...optionsOf(numbers, algorithm), ...day, onProgress }));
    }
    const [title, conditions] = [titleOf(day), conditionsOf(numbers)];
    if (plot !== undefined) await writeFile(plot, drawPlot(outcomes, { title, conditions }));
    const table = `${title}\n${conditions}\n\n${printTable(outcomes)}`;
    process.stdout.write(args.json === true ? printJson(day, outcomes) : table);
  },
});

/** The names of all `--algorithm`s; of an option given twice citty keeps the last. */
function readAlgorithms(rawArgs: string[]): readonly string[] {
  const options = { algorithm: { type: 'string', multiple: true } } as const;
  const { algorithm = known } = parseArgs({ args: rawArgs, options, strict: false }).values;
  const names = algorithm.flatMap((each) => String(each).split(','));
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return [...new Set(names)];
  throw new UsageError(
    `There is no algorithm ${JSON.stringify(unknown)}. Use some of ${known.join(', ')}.`,
  );
}

/** The chats that come, and the agents there to take them. */
interface Day {
  arrivals: Arrival[];
  staff: StaffMember[];
}

function madeDay(numbers: Numbers): Day {
  return { arrivals: makeArrivals(numbers), staff: makeStaff({ ...numbers, rooms: ['support'] }) };
}

/** The chats of a store, for the agents that it remembers or for as many others as were asked for. */
async function recordedDay(args: Told, numbers: Numbers): Promise<Day> {
  if (args.chats !== undefined || args.hours !== undefined) {
    throw new UsageError('--store brings its chats with it. Leave out --chats and --hours.');
  }
  const { arrivals, staff } = await readRecording(args.store ?? '');
  if (arrivals.length === 0) throw new UsageError(`There are no chats in ${args.store}.`);
  if (args.agents !== undefined) {
    const rooms = [...new Set(arrivals.map(({ room }) => room))];
    return { arrivals, staff: makeStaff({ ...numbers, rooms }) };
  }
  if (staff.length === 0) {
    throw new UsageError(`There are no agents in ${args.store}. Say how many with --agents.`);
  }
  const { capacity } = args.capacity === undefined ? {} : numbers;
  return { arrivals, staff: staff.map((member) => ({ ...member, ...(capacity && { capacity }) })) };
}

type Told = {
  readonly [Name in 'store' | 'agents' | 'capacity' | 'chats' | 'hours']?: string | undefined;
};

function optionsOf(numbers: Numbers, algorithm: string) {
  const { interval, slowdown, seed } = numbers;
  return {
    settings: { algorithm, interval, maxAttempts: numbers['max-attempts'] },
    behaviour: {
      answerSeconds: numbers['answer-seconds'],
      slowdown,
      missRate: numbers['miss-rate'],
      rejectRate: numbers['reject-rate'],
      handleMinutes: numbers['handle-minutes'],
      patienceMinutes: numbers['patience-minutes'],
      awayMinutes: numbers['away-minutes'],
    },
    seed,
  };
}

function titleOf({ arrivals, staff }: Day): string {
  const [chats, agents] = [countOf('chat', arrivals.length), countOf('agent', staff.length)];
  const [capacity, ...others] = new Set(staff.map((member) => member.capacity));
  return others.length > 0
    ? `${chats}, ${agents}`
    : `${chats}, ${agents} with room for ${capacity}`;
}

function countOf(noun: string, count: number): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

function conditionsOf(numbers: Numbers): string {
  const percent = (name: keyof Numbers) => `${Math.round(numbers[name] * 1000) / 10} %`;
  return [
    `up to ${numbers['max-attempts']} invitations of ${numbers.interval} s`,
    `answers in ${numbers['answer-seconds']} s, ${percent('slowdown')} longer per open chat`,
    `${percent('miss-rate')} missed, ${percent('reject-rate')} rejected`,
    `chats of ${numbers['handle-minutes']} min`,
    `patience of ${numbers['patience-minutes']} min`,
    `seed ${numbers.seed}`,
  ].join(' · ');
}

function printJson({ arrivals, staff }: Day, outcomes: readonly Outcome[]): string {
  const algorithms = outcomes.map((outcome) => {
    const { chatsPerAgent, loads } = outcome;
    return { ...summarize(outcome), chatsPerAgent, loads };
  });
  const result = { chats: arrivals.length, agents: staff.length, algorithms };
  return `${JSON.stringify(result, undefined, 2)}\n`;
}

/** Says on a terminal how far an algorithm has come, and wipes it off at the end. */
function progressOf(algorithm: string): (share: number) => void {
  let told = '';
  return (share) => {
    const text = share < 1 ? `${algorithm} ${Math.floor(share * 100)} %` : '';
    if (text === told || !process.stderr.isTTY) return;
    told = text;
    process.stderr.write(`\r\u001B[K${text}`);
  };
}
