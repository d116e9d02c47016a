/** What a connection is to a server that stops. */
export interface Guest {
  /** Tells the client to go to another server; until it has gone, its calls are answered. */
  sendAway(): void;
}

/** Serves the connections of a WebSocket server. */
export interface SocketHandler {
  /** All that are open now. */
  readonly open: readonly Guest[];
  /** Hears nothing more from any client; resolves when what has come is answered. */
  finish(): Promise<void>;
  /** Sends each connection what is left for it, and closes it. */
  close(code: number, reason: string): void;
  /** Cuts every connection that is still there. */
  terminate(): void;
}
