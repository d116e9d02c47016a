import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { EventDefinition } from '@parley/contract';
import { events as coreEvents } from '@parley/contract/events';
import type { Extension } from '@parley/server';

const root = resolve(import.meta.dirname, '../..');

interface Config {
  packages: readonly { server?: string }[];
}

const { default: config }: { default: Config } = await load('parley.config.ts');

/** What the packages of parley.config.ts add to a server. */
export const extensions: readonly Extension[] = await Promise.all(
  config.packages.flatMap(({ server }) => server ?? []).map(loadExtension),
);

/** Every event of this repository: the core's, and those of each package in parley.config.ts. */
export const deployedEvents: readonly EventDefinition[] = [
  ...coreEvents,
  ...extensions.flatMap(({ events }) => events),
];

async function loadExtension(file: string): Promise<Extension> {
  const { default: extension }: { default: Extension } = await load(file);
  return extension;
}

function load(file: string) {
  return import(pathToFileURL(join(root, file)).href);
}
