import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

import type { Environment } from '../environment.ts';
import type { Guard } from '../guard.ts';
import type { Shedding } from '../overload/shedding.ts';
import { Rate } from '../rate.ts';
import type { Refusal } from './refusal.ts';
import { Strangers } from './strangers.ts';

export interface DoorOptions {
  guard: Guard;
  environment: Environment;
  shedding: Shedding;
}

/** Lets connections in before it is known who they are, but not too many. */
export class Door {
  readonly #options: DoorOptions;
  readonly #accepts: Rate;
  #nextDue = 0;
  readonly #strangers = new Strangers();
  /** One for all: a listener of its own would take as much memory as all else that is kept of an idle connection. */
  readonly #onClose: (this: Socket) => void;

  constructor(options: DoorOptions) {
    const { acceptsPerSecond } = options.guard.limits;
    const know = (socket: Socket) => this.know(socket);
    this.#options = options;
    this.#onClose = function onClose() {
      know(this);
    };
    this.#accepts = new Rate(acceptsPerSecond, acceptsPerSecond);
  }

  /** Why the connection may not come in; otherwise it is a stranger until it is known, or closed. */
  enter({ socket }: IncomingMessage): Refusal | undefined {
    const { guard, environment, shedding } = this.#options;
    const now = environment.now();
    if (!shedding.admits('connections', now)) return { status: 503, retryAfterSeconds: 2 };
    if (this.#strangers.areMany(guard.limits.unauthenticatedPerAddress, socket)) {
      guard.reached('unauthenticatedPerAddress');
      return { status: 429, retryAfterSeconds: 1 };
    }
    const due = this.#accepts.next(this.#nextDue, now);
    if (this.#accepts.earlyBy(due, now) > 0) {
      guard.reached('acceptsPerSecond');
      return { status: 503, retryAfterSeconds: 1 };
    }
    this.#nextDue = due;
    this.#strangers.add(socket);
    socket.on('close', this.#onClose);
    return undefined;
  }

  /** It is known now who is behind the connection, or does not matter any more. */
  know(socket: Socket): void {
    if (this.#strangers.delete(socket)) socket.off('close', this.#onClose);
  }
}
