import { existsSync } from 'node:fs';
import { watch } from 'node:fs/promises';

/**
 * Calls back after each change of a source in the directories, generated files aside; several changes while it runs are
 * one more call. Ends when the signal is aborted.
 */
export async function watchSources(
  directories: readonly string[],
  changed: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let running: Promise<void> | undefined;
  let isDue = false;
  const run = async () => {
    while (isDue) {
      isDue = false;
      await changed();
    }
    running = undefined;
  };
  const follow = async (directory: string) => {
    for await (const { filename } of watch(directory, { recursive: true, signal })) {
      if (!filename?.endsWith('.ts') || filename.includes('.gen.')) continue;
      isDue = true;
      running ??= run();
    }
  };
  try {
    await Promise.all(directories.filter((directory) => existsSync(directory)).map(follow));
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  await running;
}
