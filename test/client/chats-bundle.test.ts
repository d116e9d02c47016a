import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';

import { build, type Plugin } from 'vite';
import { expect, it } from 'vitest';

const paths = {
  core: fileURLToPath(import.meta.resolve('@parley/client')),
  chats: fileURLToPath(import.meta.resolve('@parley/client/chats')),
};

/** What a browser would get of a page that uses these parts of the client. */
async function bundle(...parts: (keyof typeof paths)[]) {
  const source = parts.map((part) => `export * from ${JSON.stringify(paths[part])};`).join('\n');
  const page: Plugin = {
    name: 'page',
    resolveId: (id) => (id === 'virtual:page' ? id : null),
    load: (id) => (id === 'virtual:page' ? source : null),
  };
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [page],
    build: {
      write: false,
      rolldownOptions: { input: 'virtual:page', preserveEntrySignatures: 'strict' },
    },
  });
  const chunks = [built]
    .flat()
    .flatMap((each) => ('output' in each ? each.output : []))
    .filter((output) => output.type === 'chunk');
  const modules = chunks.flatMap(({ moduleIds }) => moduleIds);
  const code = chunks.map((chunk) => chunk.code).join('\n');
  return { modules, gzip: gzipSync(code).length, brotli: brotliCompressSync(code).length };
}

const kibibytes = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`;

it('is paid for only by pages that use it', async () => {
  const [core, all] = [await bundle('core'), await bundle('core', 'chats')];
  for (const [name, { gzip, brotli }] of Object.entries({ core, 'core and chats': all })) {
    console.log(`${name}: ${kibibytes(gzip)} (min+gzip), ${kibibytes(brotli)} (min+brotli)`);
  }
  const chats = /packages\/client\/src\/chats\//;
  expect(core.modules.filter((id) => chats.test(id))).toEqual([]);
  expect(all.modules.filter((id) => chats.test(id))).not.toEqual([]);
  const foreign = /\/zod\/|packages\/(server|contract)\/|node:/;
  expect(all.modules.filter((id) => foreign.test(id))).toEqual([]);
  expect(all.gzip - core.gzip).toBeLessThan(6 * 1024);
  expect(all.brotli).toBeLessThan(15_000);
});
