/** The command cannot be run as it was written; the message says how to write it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command was right and its work was not done; the message says why. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** What a person reads of an error, and what a script gets: 2 for bad usage, 1 for failure. */
export function explain(error: unknown): { message: string; exitCode: 1 | 2 } {
  if (!(error instanceof Error)) return { message: `parley: ${String(error)}`, exitCode: 1 };
  if (error.name === 'ContractError') return { message: error.message, exitCode: 1 };
  const isUsage = error instanceof UsageError || error.name === 'CLIError';
  const hint = isUsage ? ' (parley --help lists the commands)' : '';
  return { message: `parley: ${error.message}${hint}`, exitCode: isUsage ? 2 : 1 };
}
