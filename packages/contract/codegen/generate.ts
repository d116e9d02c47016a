import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { format, type FormatConfig } from 'oxfmt';

import { ContractError } from './contract-error.ts';
import { lint } from './lint.ts';
import { loadPackage, type LoadedPackage, type PackageDirectories } from './load-package.ts';
import { printEvents } from './outputs/events.ts';
import { printHandlers } from './outputs/handlers.ts';
import { printNames } from './outputs/names.ts';
import { printRouter } from './outputs/router.ts';
import type { CoreModule } from './outputs/source.ts';
import { printTypeProofs } from './outputs/type-proofs.ts';
import { printTypes } from './outputs/types.ts';

/** What `parley.config.ts` exports: the packages that make up a deployment. */
export interface ParleyConfig {
  packages: PackageDirectories[];
}

export interface GenerateOptions extends ParleyConfig {
  /** The root of the repository; every path is from there. */
  root: string;
  /** Compare only; write nothing. */
  check: boolean;
}

export interface GeneratedFile {
  path: string;
  state: 'unchanged' | 'written' | 'stale';
}

export interface GenerateResult {
  files: GeneratedFile[];
}

/**
 * Brings every generated file up to date with the events, or only says which are stale.
 * Throws a {@link ContractError} with everything that is wrong with the events, and then writes nothing.
 */
export async function generate(options: GenerateOptions): Promise<GenerateResult> {
  const { root, check } = options;
  const packages: LoadedPackage[] = [];
  for (const directories of options.packages) packages.push(await loadPackage(root, directories));

  const problems = lint(packages);
  const outputs = packages.flatMap((each) =>
    printPackage(root, each, (problem) => problems.push(problem)),
  );
  if (problems.length > 0) throw new ContractError([...new Set(problems)]);

  const formatting = await readFormatting(root);
  const files: GeneratedFile[] = [];
  for (const { path, source } of outputs) {
    const { code, errors } = await format(path, source, formatting);
    if (errors.length > 0) throw new Error(`${path}: oxfmt cannot read it. ${errors[0]?.message}`);
    files.push({ path, state: await update(join(root, path), code, check) });
  }
  return { files };
}

function printPackage(
  root: string,
  { directories: { contract, handlers }, events, handlers: handlerFiles }: LoadedPackage,
  report: (problem: string) => void,
): { path: string; source: string }[] {
  const core: CoreModule = (file) =>
    existsSync(join(root, contract, `${file}.ts`)) ? `./${file}.ts` : '@parley/contract';

  return [
    { path: join(contract, 'events.gen.ts'), source: printEvents(events, core) },
    { path: join(contract, 'names.gen.ts'), source: printNames(events) },
    { path: join(contract, 'types.gen.ts'), source: printTypes(events, report) },
    { path: join(contract, 'router.gen.ts'), source: printRouter(core) },
    { path: join(contract, 'types.gen.test-d.ts'), source: printTypeProofs(events, core) },
    { path: join(handlers, 'handlers.gen.ts'), source: printHandlers(events, handlerFiles) },
  ];
}

async function readFormatting(root: string): Promise<FormatConfig> {
  return JSON.parse(await readFile(join(root, '.oxfmtrc.json'), 'utf8'));
}

async function update(
  path: string,
  content: string,
  check: boolean,
): Promise<GeneratedFile['state']> {
  const current = existsSync(path) ? await readFile(path, 'utf8') : undefined;
  if (current === content) return 'unchanged';
  if (check) return 'stale';
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return 'written';
}
