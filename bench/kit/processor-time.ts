import { readFile } from 'node:fs/promises';

/** What Linux counts processor time in, whatever its own timer does. */
const ticksPerSecond = 100;

/** Seconds a process has spent on a processor, in user and in kernel mode, all its threads together. */
export async function processorTime(pid: number): Promise<number> {
  const line = await readFile(`/proc/${pid}/stat`, 'latin1');
  // The name, in brackets, may itself hold spaces and brackets.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [Number(fields[11]), Number(fields[12])];
  return (user + system) / ticksPerSecond;
}
