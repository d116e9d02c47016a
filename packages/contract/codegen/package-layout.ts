import { existsSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

import type { PackageDirectories } from './load-package.ts';

/** Whether a package is the one that others import as `@parley/contract`. */
export function isCorePackage(root: string, { contract }: PackageDirectories): boolean {
  return existsSync(join(root, contract, 'define-event.ts'));
}

/** The file of a package's contract in its normal form. */
export function contractFile(directories: PackageDirectories): string {
  return join(packageDirectory(directories), 'contract.gen.json');
}

/** The directory of a package: what holds its `src`, or itself. */
export function packageDirectory({ contract }: PackageDirectories): string {
  return basename(contract) === 'src' ? dirname(contract) : contract;
}

/** Where a package keeps the tests of its events. */
export function testsDirectory({ contract, tests }: PackageDirectories): string {
  return tests ?? join(dirname(contract), 'test');
}

/** How a file is imported by one of the directory. */
export function moduleFrom(directory: string, file: string): string {
  const path = relative(directory, file).replaceAll('\\', '/');
  return path.startsWith('.') ? path : `./${path}`;
}
