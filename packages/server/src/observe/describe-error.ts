/** An error as it is logged: what happened and where. What else it may carry, such as the data it is about, stays out. */
export interface DescribedError {
  type: string;
  message: string;
  stack?: string | undefined;
  code?: string | undefined;
  cause?: DescribedError | undefined;
}

/** How deep causes are followed. */
const deepest = 5;

export function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'Not an error was thrown.' };
  const { name: type, message, stack, cause } = error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const described: DescribedError = { type, message, stack, code };
  if (cause !== undefined && depth < deepest) described.cause = describeError(cause, depth + 1);
  return described;
}
