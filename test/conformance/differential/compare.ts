import { intendedDifferences } from '../intended-differences.ts';
import type { Transcript, Transcripts } from './side.ts';

/** What the two servers said under one id of one connection, where they did not say the same. */
export interface Difference {
  connection: 'ann' | 'other';
  /** The id as JSON, `PONG`, or `close`. */
  about: string;
  trpc: unknown[];
  parley: unknown[];
}

/** Where the answers differ, other than they are meant to. The order of answers to different requests is free, that of answers to one is not. */
export function differences(trpc: Transcripts, parley: Transcripts): Difference[] {
  const found: Difference[] = [];
  for (const connection of ['ann', 'other'] as const) {
    const [oracle, ours] = [read(trpc[connection]), read(parley[connection])];
    for (const about of new Set([...oracle.keys(), ...ours.keys()])) {
      const said = { trpc: oracle.get(about) ?? [], parley: ours.get(about) ?? [] };
      if (JSON.stringify(said.trpc) !== JSON.stringify(said.parley)) {
        found.push({ connection, about, ...said });
      }
    }
  }
  return found;
}

/** What was said, by what it was about, with everything in it that is by chance made equal. */
function read({ frames, code }: Transcript): Map<string, unknown[]> {
  const said = new Map<string, unknown[]>();
  const note = (aboutWhat: string, answer: unknown) => {
    let one = { about: aboutWhat, what: answer };
    for (const { level } of intendedDifferences) if (level) one = level(one);
    said.set(one.about, [...(said.get(one.about) ?? []), one.what]);
  };
  for (const frame of frames) {
    const isWord = frame === 'PING' || frame === 'PONG';
    const answer: unknown = isWord ? frame : JSON.parse(frame);
    note(isWord ? frame : JSON.stringify(idOf(answer)), answer);
  }
  note('close', code);
  const inOrder = [...said].toSorted(([one], [other]) => (one < other ? -1 : 1));
  const names = new Map<string, string>();
  return new Map(inOrder.map(([about, all]) => [about, all.map((each) => leveled(each, names))]));
}

const idOf = (answer: unknown): unknown =>
  typeof answer === 'object' && answer !== null && 'id' in answer ? answer.id : undefined;

/** Ids that a server makes, such as `c_2r8f…`. */
const madeIds = /\b[a-z]+_[0-9a-hjkmnp-tv-z]{20}/g;

/** A copy in which ids are named by the order of their appearance, and keys are in order; ids of errors are all alike. */
function leveled(value: unknown, names: Map<string, string>): unknown {
  if (typeof value === 'string') return value.replaceAll(madeIds, (id) => nameOf(id, names));
  if (Array.isArray(value)) return value.map((each) => leveled(each, names));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(
    entries.map(([key, each]) => [key, key === 'errorId' ? 'e' : leveled(each, names)]),
  );
}

function nameOf(id: string, names: Map<string, string>): string {
  const known = names.get(id);
  if (known !== undefined) return known;
  const name = `${id.slice(0, id.indexOf('_'))}_${names.size}`;
  names.set(id, name);
  return name;
}
