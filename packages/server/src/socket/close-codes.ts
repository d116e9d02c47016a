/** The codes Parley closes connections with; those from 4400 on are its own. docs/protocol.md says what each means to a client. */
export const closeCodes = {
  /** The server stops. */
  goingAway: 1001,
  /** A message came in too many fragments; `ws` says so. */
  policy: 1008,
  /** A message is too large; `ws` says so. */
  tooLarge: 1009,
  /** There is no valid token, or it has ended. */
  unauthorized: 4401,
  /** The client reads more slowly than it is sent to; it resumes from the log. */
  tooSlow: 4408,
  /** Too many frames in a short time, or too many connections of one user. */
  tooMany: 4429,
} as const;
