import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/dist/**', '**/node_modules/**'],
    // Otherwise one processor is left free, which of two is half.
    maxWorkers: '100%',
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // .ci/run counts the tests in the file.
    reporters: process.env['CI'] ? ['default', 'json'] : ['default'],
    outputFile: { json: 'node_modules/.vitest/report.json' },
  },
});
