/** Serves the connections of a WebSocket server. */
export interface SocketHandler {
  /** Sends each connection what is left for it, and closes it. */
  close(code: number, reason: string): void;
}
