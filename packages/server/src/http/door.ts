import type { IncomingMessage } from 'node:http';
import { isIPv6, type Socket } from 'node:net';

import type { Environment } from '../environment.ts';
import type { Guard } from '../guard.ts';
import type { Shedding } from '../overload/shedding.ts';
import { Rate } from '../rate.ts';
import type { Refusal } from './refusal.ts';

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
  /** How many of each address nobody knows yet. */
  readonly #strangers = new Map<string, number>();
  readonly #addresses = new WeakMap<Socket, string>();
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
    const address = networkOf(socket.remoteAddress ?? '');
    const strangers = this.#strangers.get(address) ?? 0;
    if (strangers >= guard.limits.unauthenticatedPerAddress) {
      guard.reached('unauthenticatedPerAddress');
      return { status: 429, retryAfterSeconds: 1 };
    }
    const due = this.#accepts.next(this.#nextDue, now);
    if (this.#accepts.earlyBy(due, now) > 0) {
      guard.reached('acceptsPerSecond');
      return { status: 503, retryAfterSeconds: 1 };
    }
    this.#nextDue = due;
    this.#strangers.set(address, strangers + 1);
    this.#addresses.set(socket, address);
    socket.on('close', this.#onClose);
    return undefined;
  }

  /** It is known now who is behind the connection, or does not matter any more. */
  know(socket: Socket): void {
    const address = this.#addresses.get(socket);
    if (address === undefined) return;
    this.#addresses.delete(socket);
    socket.off('close', this.#onClose);
    const left = (this.#strangers.get(address) ?? 1) - 1;
    if (left > 0) this.#strangers.set(address, left);
    else this.#strangers.delete(address);
  }
}

/** Who has an IPv6 address has 2^64 of them. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':');
  if (tail === undefined || groups.length >= 4) return groups.slice(0, 4).join(':');
  const rest = tail.split(':');
  const zeros = Array.from({ length: Math.max(8 - groups.length - rest.length, 0) }, () => '0');
  return [...groups, ...zeros, ...rest].slice(0, 4).join(':');
}
