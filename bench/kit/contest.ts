import { collectGarbage } from './collect-garbage.ts';
import type { Values } from './measure.ts';

export interface Contender {
  /** In results and goals. */
  name: string;
  title: string;
}

/** What one contender did in one round of one case. */
export interface Sample {
  case: string;
  contender: string;
  round: number;
  values: Values;
}

/** Tells whoever waits how far it is. */
export type Progress = (line: string) => void;

/** The contenders that have entered, each with its stage; all leave together. */
export interface Stages<Each extends Contender, Stage> extends AsyncDisposable {
  of: ReadonlyMap<Each, Stage>;
}

/** Lets all contenders enter, one after the other. */
export async function enter<Each extends Contender, Stage extends AsyncDisposable>(
  contenders: readonly Each[],
  set: (contender: Each) => Promise<Stage>,
  progress: Progress,
): Promise<Stages<Each, Stage>> {
  await using stack = new AsyncDisposableStack();
  const stages = new Map<Each, Stage>();
  for (const contender of contenders) {
    progress(`${contender.title} enters`);
    stages.set(contender, stack.use(await set(contender)));
  }
  const left = stack.move();
  return { of: stages, [Symbol.asyncDispose]: () => left.disposeAsync() };
}

export interface Match<Each extends Contender, Stage> {
  /** Names what is measured, such as `100 listeners`. */
  case: string;
  rounds: number;
  /** Once for each contender, so that no round pays for the first steps. */
  warmUp?: (stage: Stage) => Promise<unknown>;
  /** One round of one contender; nothing when it cannot keep up. */
  play: (stage: Stage, contender: Each) => Promise<Values | undefined>;
  progress: Progress;
}

/** Lets everybody play in each round, one after the other, each round begun by another one. */
export async function play<Each extends Contender, Stage>(
  stages: ReadonlyMap<Each, Stage>,
  match: Match<Each, Stage>,
): Promise<Sample[]> {
  const { case: name, rounds, warmUp, progress } = match;
  for (const [contender, stage] of warmUp ? stages : []) {
    progress(`${name}, ${contender.title} warms up`);
    await warmUp?.(stage);
  }
  const samples: Sample[] = [];
  const order = [...stages];
  for (let round = 0; round < rounds; round += 1) {
    for (const [contender, stage] of order) {
      collectGarbage();
      const values = await match.play(stage, contender);
      const outcome = values ? inBrief(values) : 'does not keep up';
      progress(`${name}, round ${round + 1} of ${rounds}, ${contender.title}: ${outcome}`);
      if (values) samples.push({ case: name, contender: contender.name, round, values });
    }
    const first = order.shift();
    if (first) order.push(first);
  }
  return samples;
}

function inBrief(values: Values): string {
  const measured = Object.entries(values).filter(([, value]) => Number.isFinite(value));
  return measured.map(([key, value]) => `${key} ${Number(value.toPrecision(3))}`).join(', ');
}
