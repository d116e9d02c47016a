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
  /**
   * Listeners hear from now on what happens, and have missed something that they will not hear. When it is `open` again,
   * nothing more is missed: fetch then what is shown. Chats do so by themselves. The reason is `retention` when it is older
   * than what the server keeps, and `store` when the server has another store, such as a backup: chats are `gone` then.
   */
  | { state: 'resync'; reason: string }
  /** The server is about to stop. It still answers while the client moves to another connection. */
  | { state: 'draining' }
  /** The server refuses the token. Final when the token is a string; a token function is asked for a fresh one. */
  | { state: 'expired' }
  /** Nothing is sent or heard any more. */
  | { state: 'closed'; reason: string };
