import { expect, test } from 'vitest';

import { openWorkplace } from './command.ts';

/** Tells V8's limit, which the young generation counts towards, before the command itself begins. */
const tellsLimit =
  "--import=data:text/javascript,import('node:v8').then(v8=>console.error(v8.getHeapStatistics().heap_size_limit))";

/** In bytes. */
async function limitWith(options: string): Promise<number> {
  await using workplace = await openWorkplace({ NODE_OPTIONS: `${tellsLimit} ${options}` });
  const { errors } = await workplace.run('--version');
  return Number(errors.split('\n')[0]);
}

const tellsOptions = '--import=data:text/javascript,console.error(process.execArgv.join())';

test('what is old in the command comes to 128 MB, then doubles before it is collected, and nothing is old at once', async () => {
  await using workplace = await openWorkplace({ NODE_OPTIONS: tellsOptions });
  const { errors } = await workplace.run('--version');
  expect(errors.split('\n')[0]).toBe(
    '--heap-growing-percent=100,--initial-old-space-size=128,--no-allocation-site-pretenuring',
  );
});

test('the command has a young generation of twice 32 MB, unless NODE_OPTIONS say otherwise', async () => {
  const unsaid = await limitWith('');
  expect(unsaid).toBe(await limitWith('--max-semi-space-size=32'));
  expect(unsaid).toBeLessThan(await limitWith('--max-semi-space-size=64'));
  expect(unsaid).toBeGreaterThan(await limitWith('--max-semi-space-size=16'));
});
