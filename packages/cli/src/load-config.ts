import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { ParleyConfig } from '@parley/contract/codegen';
import type { Extension } from '@parley/server';

import { UsageError } from './failure.ts';

/** What `parley.config.ts` at the root of a workspace says. */
export async function loadConfig(root: string): Promise<ParleyConfig> {
  const file = resolve(root, 'parley.config.ts');
  try {
    const loaded: { default: ParleyConfig } = await import(pathToFileURL(file).href);
    return loaded.default;
  } catch (cause) {
    throw new UsageError(
      'parley.config.ts is missing here or does not load. Run this at the root of the workspace.',
      {
        cause,
      },
    );
  }
}

/** What the packages of `parley.config.ts` add to a server; nothing where there is no such file. */
export async function loadExtensions(root: string): Promise<Extension[]> {
  if (!existsSync(resolve(root, 'parley.config.ts'))) return [];
  const { packages } = await loadConfig(root);
  const extensions: Extension[] = [];
  for (const { server } of packages) {
    if (server === undefined) continue;
    try {
      const loaded: { default: Extension } = await import(
        pathToFileURL(resolve(root, server)).href
      );
      extensions.push(loaded.default);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new UsageError(`${server} of parley.config.ts does not load: ${reason}`, { cause });
    }
  }
  return extensions;
}
