import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

import { type Contract, isContract } from '@parley/contract/codegen';

import { UsageError } from '../failure.ts';

const run = promisify(execFile);

/** The contracts to compare with: those that a commit has at some paths, or the one in a file. */
export async function readOldContracts(
  against: string,
  root: string,
  paths: readonly string[],
): Promise<Contract[]> {
  if (!against.startsWith('git:')) {
    const text = await readFile(against, 'utf8').catch(() => undefined);
    if (text === undefined) throw new UsageError(`There is no file ${against} to compare with.`);
    return [parseContract(text, against)];
  }
  const ref = against.slice('git:'.length);
  await checkCommit(ref, root);
  const texts = await Promise.all(
    paths.map(async (path) => ({ path, text: await show(`${ref}:./${path}`, root) })),
  );
  const contracts = texts.flatMap(({ path, text }) =>
    text === undefined ? [] : [parseContract(text, `${against}:${path}`)],
  );
  if (contracts.length > 0) return contracts;
  throw new UsageError(`There is no ${paths.join(' and no ')} at ${against}.`);
}

async function checkCommit(ref: string, cwd: string): Promise<void> {
  const words = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`];
  const isKnown = await run('git', words, { cwd }).then(
    () => true,
    () => false,
  );
  if (!isKnown) throw new UsageError(`Git knows no commit ${JSON.stringify(ref)} here.`);
}

async function show(object: string, cwd: string): Promise<string | undefined> {
  const options = { cwd, maxBuffer: 2 ** 28 };
  return run('git', ['show', '--end-of-options', object], options).then(
    ({ stdout }) => stdout,
    () => undefined,
  );
}

function parseContract(text: string, place: string): Contract {
  const value = parseJson(text);
  if (isContract(value)) return value;
  throw new UsageError(`${place} is no contract. Name a contract.gen.json of this version.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
