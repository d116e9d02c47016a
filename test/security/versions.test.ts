import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { expect, test } from 'vitest';

/** Before these, what they have to withstand brought them down. */
const floors = {
  ws: [8, 21, 0],
  '@trpc/server': [11, 8, 0],
  superjson: [2, 2, 6],
  zod: [4, 0, 0],
  jsonwebtoken: [9, 0, 3],
  jws: [4, 0, 1],
};

const lockfile = await readFile(resolve(import.meta.dirname, '../../pnpm-lock.yaml'), 'utf8');

/** Every version of a package that the lockfile installs. */
function versionsOf(name: string, text: string): number[][] {
  const packages = text.slice(text.indexOf('\npackages:'), text.indexOf('\nsnapshots:'));
  const pattern = new RegExp(`^  '?${name}@(\\d+)\\.(\\d+)\\.(\\d+)'?:`, 'gm');
  return Array.from(packages.matchAll(pattern), ([, ...parts]) => parts.map(Number));
}

const isBefore = (version: readonly number[], floor: readonly number[]) => {
  const difference = floor.findIndex((part, index) => part !== version[index]);
  return difference >= 0 && (version[difference] ?? 0) < (floor[difference] ?? 0);
};

test.each(Object.entries(floors))('%s is not older than it may be', (name, floor) => {
  const versions = versionsOf(name, lockfile);
  expect(versions.length).toBeGreaterThan(0);
  expect(versions.filter((version) => isBefore(version, floor))).toEqual([]);
});

test("tRPC's client and server are one version, and what lags behind them is not there", () => {
  const [server = [], ...others] = versionsOf('@trpc/server', lockfile);
  expect(others).toEqual([]);
  expect(versionsOf('@trpc/client', lockfile)).toEqual([server]);
  // The specifier, so that no install takes another one.
  const catalog = lockfile.slice(0, lockfile.indexOf('\nimporters:'));
  for (const name of ['server', 'client']) {
    expect(catalog).toContain(`'@trpc/${name}':\n      specifier: ${server.join('.')}\n`);
  }
  expect(lockfile).not.toContain('@trpc/tanstack-react-query');
});

test('an older version would be found', () => {
  const older = lockfile.replaceAll(/^ {2}ws@[\d.]+:/gm, '  ws@8.20.9:');
  expect(versionsOf('ws', older).some((version) => isBefore(version, floors.ws))).toBe(true);
});
