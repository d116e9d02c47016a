/** The codes Parley closes connections with; those from 4400 on are its own. docs/protocol.md says what each means to a client. */
export const closeCodes = {
  /** The server stops. */
  goingAway: 1001,
  /** There is no valid token, or it has ended. */
  unauthorized: 4401,
  /** The client reads more slowly than it is sent to; it resumes from the log. */
  tooSlow: 4408,
} as const;
