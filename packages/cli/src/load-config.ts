import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { ParleyConfig } from '@parley/contract/codegen';

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
