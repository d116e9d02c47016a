import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import type { Values } from './measure.ts';
import { processorTimeOfChildren } from './processor-time.ts';

export type Compiler = 'typescript' | 'typescript-5';

/** Checks a project with a compiler that begins from nothing. Throws when it finds an error. */
export async function checkTypes(compiler: Compiler, project: string): Promise<Values> {
  const command = join(import.meta.dirname, '../node_modules', compiler, 'bin/tsc');
  // Checkers side by side do some of the work twice, and not always the same; one of them counts exactly.
  const alone = compiler === 'typescript' ? ['--checkers', '1'] : [];
  const before = await processorTimeOfChildren();
  const child = spawn(
    process.execPath,
    [command, '--project', project, '--extendedDiagnostics', ...alone],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${project} does not compile:\n${output.slice(0, 2000)}`);
  const figure = (name: string) => {
    const [, digits] = new RegExp(`^${name}: +(\\d+)`, 'm').exec(output) ?? [];
    if (digits === undefined) throw new Error(`The compiler does not tell ${name}:\n${output}`);
    return Number(digits);
  };
  return {
    instantiations: figure('Instantiations'),
    cpuSeconds: (await processorTimeOfChildren()) - before,
    megabytes: figure('Memory used') / 1000,
  };
}
