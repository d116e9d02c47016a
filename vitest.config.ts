import { configDefaults, defineConfig } from 'vitest/config';

/** They keep many processes busy and say when something has to have happened, so they run after all others, one by one. */
const delivery = 'test/delivery/**/*.test.ts';

export default defineConfig({
  test: {
    // Otherwise one processor is left free, which of two is half.
    maxWorkers: '100%',
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // Long, because other programs may keep the machine busy.
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
          name: 'delivery',
          include: [delivery],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
