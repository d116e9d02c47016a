/** What is asked of the server, and who gets its answers. */
export interface Call {
  /** Whether it has many answers, is asked again on each new connection, and is told to stop. */
  readonly subscribes: boolean;
  /** Whether it ends when there is no connection, and does not wait for one. */
  readonly isImpatient?: boolean;
  /** Its message but for the id, as `ask` writes it; called each time it is sent. What it throws fails this call alone. */
  ask(): string;
  /** The server has begun to answer a subscription; to one of what is durable after this position. */
  started?(position: string | undefined): void;
  /** So far there was this last answer, and there is nothing more up to this position. */
  progress?(last: number, upTo: number): void;
  /** A reply, or one of the many answers. */
  next(value: unknown): void;
  /** There will be no more answers; without an error, because the server has ended the subscription. */
  end(error?: unknown): void;
}
