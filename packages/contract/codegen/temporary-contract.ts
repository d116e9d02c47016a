import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { ParleyConfig } from './generate.ts';

const dist = join(import.meta.dirname, '../dist');

/** A small deployment on disk, for tests. It lies inside the contract package, where `zod` and the core resolve. */
export class TemporaryContract implements ParleyConfig, AsyncDisposable {
  readonly packages = [{ contract: 'contract', handlers: 'server' }];
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  /** Files are given by their path. */
  static async create(files: Record<string, string>): Promise<TemporaryContract> {
    await mkdir(dist, { recursive: true });
    const contract = new TemporaryContract(await mkdtemp(join(dist, 'contract-')));
    await contract.write('.oxfmtrc.json', '{ "printWidth": 100, "singleQuote": true }');
    for (const [path, content] of Object.entries(files)) await contract.write(path, content);
    return contract;
  }

  read(path: string): Promise<string> {
    return readFile(join(this.root, path), 'utf8');
  }

  async write(path: string, content: string): Promise<void> {
    await mkdir(dirname(join(this.root, path)), { recursive: true });
    await writeFile(join(this.root, path), content);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true });
  }
}

/** The source of an event file; the parts given take the place of good ones. */
export function writeEvent(
  name: string,
  parts: Partial<
    Record<'by' | 'data' | 'reply' | 'errors' | 'example' | 'listen' | 'decisions', string>
  > = {},
): string {
  return `import * as z from 'zod';
import { defineError, defineEvent } from '@parley/contract';

export default defineEvent('${name}', {
  summary: 'Somebody asks.',
  send: {
    by: ${parts.by ?? "['customer', 'agent', 'supervisor', 'service']"},
    data: ${parts.data ?? 'z.strictObject({ chatId: z.string() })'},
    reply: ${parts.reply ?? 'z.strictObject({ at: z.date() })'},
    errors: ${parts.errors ?? '[]'},
    example: ${parts.example ?? "{ chatId: 'c_1' }"},
  },
  listen: ${parts.listen ?? 'undefined'},
  ${parts.decisions ?? ''}
});
`;
}
