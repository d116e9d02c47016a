import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Builds the declarations of a project, which those that refer to it read. */
export function buildProject(project: string): void {
  const command = join(import.meta.dirname, '../node_modules/typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [command, '--build', project, '--checkers', '1'], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`${project} does not compile.`);
}
