import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { format, type FormatConfig } from 'oxfmt';

import type { Audience, Role } from '../../src/roles.ts';
import { ContractError } from '../contract-error.ts';
import { isCorePackage, moduleFrom, testsDirectory } from '../package-layout.ts';
import type { PackageDirectories } from '../load-package.ts';
import { printEvent } from './print-event.ts';
import { printHandler } from './print-handler.ts';
import { printPackageTest } from './print-package-test.ts';
import { printRefusals } from './print-refusals.ts';
import { printTest } from './print-test.ts';

/** An event that is to be: the least somebody has to say of it. */
export interface NewEvent {
  /** Such as `surveys:submit`. */
  name: string;
  /** One sentence. */
  summary: string;
  /** Who may send it, if it can be sent. */
  send?: { by: readonly Role[] } | undefined;
  /** Who hears it, if it can be heard, and whether it is kept in the log. */
  listen?: { audience: Audience; durable: boolean } | undefined;
}

/** Where the files of one event are, from each other. */
export interface EventPlace {
  isCore: boolean;
  /** The file's name without an extension, such as `surveys-submit`. */
  baseName: string;
  /** The event's file as the handler imports it. */
  eventModule: string;
  /** The flat types, and what a server is given, as the test imports them. */
  typesModule: string;
  serverModule: string;
}

export interface NewFile {
  /** From the root of the repository. */
  path: string;
  text: string;
}

/**
 * The files of a new event in a package: event, handler and test, which pass as they are once `generate` has run.
 * Throws a {@link ContractError} where the name is none or one of them is there already.
 */
export async function planEvent(
  root: string,
  directories: PackageDirectories,
  event: NewEvent,
): Promise<NewFile[]> {
  if (!/^[a-z][a-z0-9]*:[a-z0-9]+(-[a-z0-9]+)*$/.test(event.name)) {
    throw new ContractError([
      `${JSON.stringify(event.name)} is no name; take one like chats:join.`,
    ]);
  }
  if (!event.send && !event.listen) {
    throw new ContractError([`${event.name} is neither sent nor heard; give it one or both.`]);
  }
  const baseName = event.name.replace(':', '-');
  const { contract, handlers } = directories;
  const isCore = isCorePackage(root, directories);
  const tests = testsDirectory(directories);
  const place: EventPlace = {
    isCore,
    baseName,
    eventModule: isCore
      ? `@parley/contract/events/${baseName}`
      : moduleFrom(join(handlers, 'handlers'), join(contract, 'events', `${baseName}.ts`)),
    typesModule: moduleFrom(tests, join(contract, 'types.gen.ts')),
    serverModule: moduleFrom(tests, directories.server ?? join(handlers, 'index.ts')),
  };

  const files: NewFile[] = [
    { path: join(contract, 'events', `${baseName}.ts`), text: printEvent(event, place) },
  ];
  if (event.send) {
    const path = join(handlers, 'handlers', `${baseName}.ts`);
    files.push({ path, text: printHandler(event, place) });
  }
  const test = isCore ? printTest(event) : printPackageTest(event, place);
  files.push({ path: join(tests, `${baseName}.test.ts`), text: test });
  if (event.send && isCore) {
    files.push({ path: join(tests, `${baseName}.refusals.ts`), text: printRefusals(event) });
  }

  const there = files.filter(({ path }) => existsSync(join(root, path)));
  if (there.length > 0) {
    throw new ContractError(there.map(({ path }) => `${path}: it is there already.`));
  }
  const formatting: FormatConfig = JSON.parse(await readFile(join(root, '.oxfmtrc.json'), 'utf8'));
  for (const file of files) file.text = (await format(file.path, file.text, formatting)).code;
  return files;
}
