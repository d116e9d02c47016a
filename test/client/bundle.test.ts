import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { build } from 'vite';
import { expect, it } from 'vitest';

it('puts no schema and no server into a browser bundle', async () => {
  const entry = fileURLToPath(import.meta.resolve('@parley/client'));
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      rolldownOptions: { input: entry, preserveEntrySignatures: 'strict' },
    },
  });
  const chunks = [built]
    .flat()
    .flatMap((each) => ('output' in each ? each.output : []))
    .filter((output) => output.type === 'chunk');
  const modules = chunks.flatMap(({ moduleIds }) => moduleIds);
  const code = chunks.map((chunk) => chunk.code).join('\n');

  expect(modules).toContainEqual(expect.stringMatching(/packages\/client\/src\/connect\.ts$/));
  const foreign = /\/zod\/|packages\/(server|contract)\/|node:/;
  expect(modules.filter((id) => foreign.test(id))).toEqual([]);

  const { length: bytes } = gzipSync(code);
  console.log(`@parley/client in a browser bundle: ${(bytes / 1024).toFixed(1)} KiB (min+gzip)`);
});
