import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';

import { build } from 'vite';
import { expect, it } from 'vitest';

it('puts no schema, no server and little else into a browser bundle', async () => {
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
  const foreign = /\/zod\/|\/@trpc\/|packages\/(server|contract)\/|node:/;
  expect(modules.filter((id) => foreign.test(id))).toEqual([]);

  const gzip = gzipSync(code).length / 1024;
  const brotli = brotliCompressSync(code).length / 1024;
  const sizes = `${gzip.toFixed(1)} KiB (min+gzip), ${brotli.toFixed(1)} KiB (min+brotli)`;
  console.log(`@parley/client in a browser bundle: ${sizes}`);
  expect(brotli).toBeLessThan(10);
});
