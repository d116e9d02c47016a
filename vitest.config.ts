import { configDefaults, defineConfig } from 'vitest/config';

/** They say when something has to have happened, so they run after all others. */
const delivery = 'test/delivery/**/*.test.ts';

/** It waits for minutes and does little, so the other ones run beside it. Projects run in the order of their names: it begins first. */
const connections = 'test/delivery/faults.test.ts';

/** They keep many processes busy and hold them to a time, so they run last, one by one. */
const load = [
  'test/delivery/kill.test.ts',
  'test/delivery/overload.test.ts',
  'test/delivery/reconnect-storm.test.ts',
  'test/delivery/stopped-readers.test.ts',
];

export default defineConfig({
  test: {
    // Otherwise one processor is left free, which of two is half.
    maxWorkers: '100%',
    // Long, because other programs may keep the machine busy.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000, interval: 20 } },
    // .ci/run counts the tests in the file.
    reporters: process.env['CI'] ? ['default', 'json'] : ['default'],
    outputFile: { json: 'node_modules/.vitest/report.json' },
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          include: ['{examples,packages,test}/**/*.test.ts'],
          exclude: [...configDefaults.exclude, '**/dist/**', delivery],
        },
      },
      {
        extends: true,
        test: {
          name: 'connections',
          include: [connections],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'delivery',
          include: [delivery],
          exclude: [...configDefaults.exclude, connections, ...load],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'load',
          include: load,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
