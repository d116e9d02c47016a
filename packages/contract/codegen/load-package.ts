import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import * as z from 'zod';

import type { EventDefinition } from '../src/define-event.ts';
import { declarableErrors } from '../src/errors.ts';
import { audiences, roles } from '../src/roles.ts';

/** Where a package keeps its events and their handlers, from the root of the repository. */
export interface PackageDirectories {
  /** Holds `events/`. */
  contract: string;
  /** Holds `handlers/`. */
  handlers: string;
  /** The page that describes the events; `events.gen.md` in the package's directory unless told. */
  reference?: string;
  /** Holds the tests of events, beside `contract` unless told: a directory `test`. */
  tests?: string;
  /** The module whose default export, an `Extension`, `parley serve` gives the server; not for the core. */
  server?: string;
  /** Gets the list of what a client sends again; the directory of the contract unless told. */
  resending?: string;
}

/** A file of events or handlers; its base name is the event's name with `-` in place of `:`. */
export interface SourceFile {
  /** From the root of the repository. */
  path: string;
  baseName: string;
}

export interface EventFile extends SourceFile {
  event: EventDefinition;
}

/** What one package has on disk, sorted by event name. */
export interface LoadedPackage {
  directories: PackageDirectories;
  events: EventFile[];
  handlers: SourceFile[];
  problems: string[];
}

/** Imports the events of a package and lists its handlers. */
export async function loadPackage(
  root: string,
  directories: PackageDirectories,
): Promise<LoadedPackage> {
  const directory = join(directories.contract, 'events');
  const problems: string[] = [];
  if (!existsSync(join(root, directory))) {
    problems.push(`${directory}: there is no such directory; correct parley.config.ts.`);
  }
  const events: EventFile[] = [];
  for (const file of await listSources(root, directory)) {
    try {
      const module: { default?: unknown } = await import(pathToFileURL(join(root, file.path)).href);
      assertEvent(module.default);
      events.push({ ...file, event: module.default });
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      problems.push(`${file.path}: cannot be loaded: ${reason}`);
    }
  }
  events.sort((one, other) => (one.event.name < other.event.name ? -1 : 1));
  const handlers = await listSources(root, join(directories.handlers, 'handlers'));
  return { directories, events, handlers, problems };
}

async function listSources(root: string, directory: string): Promise<SourceFile[]> {
  if (!existsSync(join(root, directory))) return [];
  const names = await readdir(join(root, directory));
  return names
    .filter((name) => /^[^.]+\.ts$/.test(name))
    .toSorted()
    .map((name) => ({ path: join(directory, name), baseName: name.slice(0, -'.ts'.length) }));
}

const Schema = z.instanceof(z.ZodType, { error: 'expected a zod schema' });

const Version = z.string().regex(/^\d+\.\d+\.\d+/, 'expected a version like 0.2.0');

const EventShape = z.object({
  name: z.string().regex(/^[a-z][a-z0-9]*:[a-z0-9]+(-[a-z0-9]+)*$/, 'expected one like chats:join'),
  summary: z.string().min(1),
  send: z
    .object({
      by: z.array(z.enum(roles)).min(1),
      data: Schema,
      reply: Schema,
      errors: z.array(
        z.union([
          z.literal(Object.keys(declarableErrors)),
          z.object({ code: z.string(), message: z.string(), data: Schema.optional() }),
        ]),
      ),
    })
    .optional(),
  listen: z
    .object({ audience: z.array(z.enum(audiences)).min(1), durable: z.boolean(), data: Schema })
    .optional(),
  deprecated: z.strictObject({ since: Version, use: z.string().optional() }).optional(),
  replaces: z.strictObject({ event: z.string(), since: Version }).optional(),
});

function assertEvent(value: unknown): asserts value is EventDefinition {
  if (value === undefined) throw new Error('write `export default defineEvent(…)`.');
  const { error } = EventShape.safeParse(value);
  if (!error) return;
  throw new Error(
    error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
  );
}
