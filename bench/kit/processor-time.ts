import { readFile } from 'node:fs/promises';

/** What Linux counts processor time in, whatever its own timer does. */
const ticksPerSecond = 100;

/** Seconds a process has spent on a processor, in user and in kernel mode, all its threads together. */
export async function processorTime(pid: number): Promise<number> {
  const [user, system] = await times(pid);
  return (user + system) / ticksPerSecond;
}

/** The same of all processes that this one has started and that have ended. */
export async function processorTimeOfChildren(): Promise<number> {
  const [, , user, system] = await times(process.pid);
  return (user + system) / ticksPerSecond;
}

/** In user and in kernel mode, of the process itself and of its children that have ended. */
async function times(pid: number): Promise<[number, number, number, number]> {
  const line = await readFile(`/proc/${pid}/stat`, 'latin1');
  // The name, in brackets, may itself hold spaces and brackets.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return [Number(fields[11]), Number(fields[12]), Number(fields[13]), Number(fields[14])];
}
