/** How the connection is. */
export type Status =
  | { state: 'connecting' }
  | { state: 'open' }
  /**
   * There is no connection. `attempt` counts the tries to get it back, from 1; `tokenFailure` is what the token
   * function threw, when that is why the last one failed.
   */
  | { state: 'reconnecting'; attempt: number; nextTryAt: Date; tokenFailure?: unknown }
  /** The log no longer reaches back to where a listener was; what it missed must be fetched. */
  | { state: 'resync'; reason: string }
  /** The server is about to stop. It still answers while the client moves to another connection. */
  | { state: 'draining' }
  /** The server refuses the token. Final when the token is a string; a token function is asked for a fresh one. */
  | { state: 'expired' }
  /** Nothing is sent or heard any more. */
  | { state: 'closed'; reason: string };
