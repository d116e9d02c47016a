import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { format, type FormatConfig } from 'oxfmt';

import { eventsOfClient, type ClientTypes } from './client-types.ts';
import { ContractError } from './contract-error.ts';
import { printContract, readContract } from './contract.ts';
import { readJsonSchemas } from './json-schema.ts';
import { lint } from './lint.ts';
import { loadPackage, type LoadedPackage, type PackageDirectories } from './load-package.ts';
import { contractFile, isCorePackage, moduleFrom, packageDirectory } from './package-layout.ts';
import { printAsyncApi, type PackageInfo } from './outputs/asyncapi.ts';
import { printEvents } from './outputs/events.ts';
import { printFixtures } from './outputs/fixtures.ts';
import { printHandlers, type HandlersType } from './outputs/handlers.ts';
import { printNames } from './outputs/names.ts';
import { printReference, type FormatCode } from './outputs/reference.ts';
import { printResending } from './outputs/resending.ts';
import { printRouter } from './outputs/router.ts';
import type { CoreModule } from './outputs/source.ts';
import { printTypeProofs } from './outputs/type-proofs.ts';
import { printTypes } from './outputs/types.ts';

/** What `parley.config.ts` exports: the packages that make up a deployment, and clients that use few of their events. */
export interface ParleyConfig {
  packages: PackageDirectories[];
  clients?: ClientTypes[];
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
  const { root, check, clients = [] } = options;
  const packages: LoadedPackage[] = [];
  for (const directories of options.packages) packages.push(await loadPackage(root, directories));

  const problems = lint(packages);
  const report = (problem: string) => problems.push(problem);
  const events = packages.flatMap((each) => each.events);
  const sources = [
    ...packages.flatMap((each) => printPackage(root, each, report)),
    ...clients.map((client) => ({
      path: client.types,
      text: printTypes(eventsOfClient(client, events, report), report),
    })),
  ];
  if (problems.length > 0) throw new ContractError([...new Set(problems)]);

  const formatting = await readFormatting(root);
  const outputs: Output[] = [];
  for (const { path, text } of sources) {
    outputs.push({ path, text: await formatSource(path, text, formatting) });
  }
  for (const each of packages) outputs.push(...(await printDocuments(root, each, formatting)));

  const files: GeneratedFile[] = [];
  for (const { path, text } of outputs) {
    files.push({ path, state: await update(join(root, path), text, check) });
  }
  return { files };
}

interface Output {
  path: string;
  text: string;
}

function printPackage(
  root: string,
  { directories, events, handlers: handlerFiles }: LoadedPackage,
  report: (problem: string) => void,
): Output[] {
  const { contract, handlers, resending = contract } = directories;
  const isCore = isCorePackage(root, directories);
  const core = coreModule(isCore);
  const handlersType: HandlersType = isCore
    ? 'core'
    : { sendEvents: moduleFrom(handlers, join(contract, 'types.gen.ts')) };

  return [
    { path: join(contract, 'events.gen.ts'), text: printEvents(events, core) },
    { path: join(contract, 'names.gen.ts'), text: printNames(events) },
    { path: join(contract, 'types.gen.ts'), text: printTypes(events, report) },
    { path: join(contract, 'router.gen.ts'), text: printRouter(core) },
    { path: join(contract, 'types.gen.test-d.ts'), text: printTypeProofs(events, core) },
    { path: join(resending, 'resending.gen.ts'), text: printResending(events) },
    {
      path: join(handlers, 'handlers.gen.ts'),
      text: printHandlers(events, handlerFiles, handlersType),
    },
  ];
}

function coreModule(isCore: boolean): CoreModule {
  return (file) => (isCore ? `./${file}.ts` : '@parley/contract');
}

/** What people, other programs and tests read of a package; printed only once nothing is wrong with the events. */
async function printDocuments(
  root: string,
  { directories, events }: LoadedPackage,
  formatting: FormatConfig,
): Promise<Output[]> {
  const directory = packageDirectory(directories);
  const { reference = join(directory, 'events.gen.md') } = directories;
  const definitions = events.map(({ event }) => event);
  const schemas = readJsonSchemas(definitions);
  const info = await readPackageInfo(root, directory);
  const narrow = { ...formatting, printWidth: 90 };
  const formatExample: FormatCode = async (language, code) =>
    (await formatSource(`example.${language}`, code, narrow)).trim();
  const fixtures = join(directories.contract, 'fixtures.gen.ts');
  const examples = printFixtures(events, coreModule(isCorePackage(root, directories)));
  return [
    { path: fixtures, text: await formatSource(fixtures, examples, formatting) },
    { path: contractFile(directories), text: printContract(readContract(definitions)) },
    { path: join(directory, 'asyncapi.gen.json'), text: printAsyncApi(schemas, info) },
    { path: reference, text: await printReference(schemas, formatExample) },
  ];
}

/** What the nearest `package.json` says: of the directory, or of the one that holds it. */
async function readPackageInfo(root: string, directory: string): Promise<PackageInfo> {
  const path = [directory, dirname(directory)]
    .map((each) => join(root, each, 'package.json'))
    .find((each) => existsSync(each));
  return path === undefined
    ? { name: 'a contract', version: '0.0.0' }
    : JSON.parse(await readFile(path, 'utf8'));
}

async function formatSource(path: string, source: string, config: FormatConfig): Promise<string> {
  const { code, errors } = await format(path, source, config);
  if (errors.length > 0) throw new Error(`${path}: oxfmt cannot read it. ${errors[0]?.message}`);
  return code;
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
