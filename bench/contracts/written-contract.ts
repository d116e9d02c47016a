import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { MadeUpEvent } from './made-up.ts';

/** Writes events the way one library has them into a directory, and a `client.ts` that sends and hears the used ones. */
export type WriteContract = (
  directory: string,
  events: readonly MadeUpEvent[],
  used: readonly MadeUpEvent[],
) => Promise<void>;

/** Files are given by their path. */
export async function writeFiles(directory: string, files: Record<string, string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
  }
}

/** A project of these files and all that they import, checked as strictly as ours, and only checked. */
export function writeProject(
  directory: string,
  name: string,
  include: string[],
  builtProjects: string[] = [],
): Promise<void> {
  return writeProjectFile(directory, name, include, builtProjects, { noEmit: true });
}

/** A project that others refer to: built, it is its declarations to them, as a package of a workspace is. */
export function writeBuiltProject(
  directory: string,
  name: string,
  include: string[],
  builtProjects: string[] = [],
): Promise<void> {
  const emitted = { composite: true, emitDeclarationOnly: true, rootDir: '.', outDir: 'dist' };
  return writeProjectFile(directory, name, include, builtProjects, emitted);
}

function writeProjectFile(
  directory: string,
  name: string,
  include: string[],
  builtProjects: string[],
  output: object,
): Promise<void> {
  const references = builtProjects.map((path) => ({ path }));
  const compilerOptions = {
    target: 'es2024',
    lib: ['es2024', 'esnext.disposable', 'dom'],
    module: 'nodenext',
    moduleDetection: 'force',
    ...output,
    allowImportingTsExtensions: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
    types: [],
  };
  return writeFiles(directory, {
    [name]: JSON.stringify({ compilerOptions, include, references }),
  });
}
