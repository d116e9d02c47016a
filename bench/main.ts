/** `node bench/main.ts [A B …] [--rounds N] [--quick]`: runs benchmarks beside their peers and writes what they found. */
import { parseArgs } from 'node:util';

import { benchmarks } from './benchmarks/index.ts';
import { keepResult, placesOf, report } from './report/keep.ts';
import { describeMachine, readVersions } from './report/result.ts';

const ids = benchmarks.map(({ id }) => id).join(', ');

/** What one asked for on the command line cannot be done. */
class UsageError extends Error {}

function readArguments() {
  const { values, positionals } = parse();
  const { quick = false, rounds = quick ? '1' : '5' } = values;
  if (!/^[1-9]\d{0,3}$/.test(rounds))
    throw new UsageError(`--rounds takes a number from 1, not ${JSON.stringify(rounds)}.`);
  const unknown = positionals.find((asked) => !benchmarks.some(({ id }) => id === asked));
  if (unknown !== undefined)
    throw new UsageError(`There is no benchmark ${JSON.stringify(unknown)}. There are ${ids}.`);
  const chosen = benchmarks.filter(
    ({ id }) => positionals.length === 0 || positionals.includes(id),
  );
  return { quick, rounds: Number(rounds), chosen };
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { quick: { type: 'boolean' }, rounds: { type: 'string' } },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function main() {
  const { quick, rounds, chosen } = readArguments();
  const places = placesOf(quick);
  const machine = describeMachine();
  const versions = await readVersions();
  for (const { id, title, run } of chosen) {
    const start = performance.now();
    process.stderr.write(`${id}: ${title}\n`);
    const progress = (line: string) => process.stderr.write(`${id}  ${line}\n`);
    const outcome = await run({ rounds, quick, progress });
    const about = { id, title, at: new Date().toISOString(), quick, rounds, machine, versions };
    await keepResult(places, { ...about, ...outcome });
    progress(`done in ${Math.round((performance.now() - start) / 1000)} s`);
  }
  await report(places, benchmarks);
  process.stderr.write(`Written: ${places.document}\n`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
