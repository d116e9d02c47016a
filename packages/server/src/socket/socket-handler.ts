/** Serves the connections of a WebSocket server. */
export interface SocketHandler {
  /** Tells every client to go to another connection; this one goes on answering. */
  sendAway(): void;
  /** Sends each connection what is left for it, and closes it. */
  close(code: number, reason: string): void;
}
