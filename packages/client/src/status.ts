/** An event that is on its way out and that this client has used. */
export interface DeprecatedUse {
  event: string;
  /** The version of the contract that said so first. */
  since: string;
  /** The event to use instead, when there is one. */
  use?: string;
}

/** How the connection is. */
export type Status =
  | { state: 'connecting' }
  /** `deprecated` has the events to leave behind, of those used so far. */
  | { state: 'open'; deprecated?: readonly DeprecatedUse[] }
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
