import type { EventError } from '../event-error.ts';

/** The refusal of all who ask in the same moment; what they are told is written once, for to refuse must cost next to nothing. */
export class Overload {
  readonly error: EventError;
  #text: string | undefined;

  constructor(error: EventError) {
    this.error = error;
  }

  /** As it was written first. */
  text(write: () => string): string {
    return (this.#text ??= write());
  }
}
