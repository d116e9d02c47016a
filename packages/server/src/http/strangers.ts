import { isIPv6, type Socket } from 'node:net';

/**
 * Connections of which nobody knows yet who they are. To ask one for its address takes time, and memory for as long as it lives:
 * as long as there are few, of whatever address, none is asked.
 */
export class Strangers {
  readonly #unasked = new Set<Socket>();
  /** The address of each other one, and how many have it. */
  readonly #addresses = new Map<Socket, string>();
  readonly #counts = new Map<string, number>();

  add(socket: Socket): void {
    this.#unasked.add(socket);
  }

  /** Says whether it was there. */
  delete(socket: Socket): boolean {
    if (this.#unasked.delete(socket)) return true;
    const address = this.#addresses.get(socket);
    if (address === undefined) return false;
    this.#addresses.delete(socket);
    const left = this.#count(address) - 1;
    if (left > 0) this.#counts.set(address, left);
    else this.#counts.delete(address);
    return true;
  }

  /** Whether at least so many have the address of this one. */
  areMany(least: number, socket: Socket): boolean {
    if (this.#unasked.size + this.#addresses.size < least) return false;
    for (const unasked of this.#unasked) {
      const address = addressOf(unasked);
      this.#addresses.set(unasked, address);
      this.#counts.set(address, this.#count(address) + 1);
    }
    this.#unasked.clear();
    return this.#count(addressOf(socket)) >= least;
  }

  #count(address: string): number {
    return this.#counts.get(address) ?? 0;
  }
}

/** Who has an IPv6 address has 2^64 of them, which are one here. */
function addressOf({ remoteAddress = '' }: Socket): string {
  if (!isIPv6(remoteAddress) || remoteAddress.includes('.')) return remoteAddress;
  const [head = '', tail] = remoteAddress.split('::');
  const groups = head.split(':');
  if (tail === undefined || groups.length >= 4) return groups.slice(0, 4).join(':');
  const rest = tail.split(':');
  const zeros = Array.from({ length: Math.max(8 - groups.length - rest.length, 0) }, () => '0');
  return [...groups, ...zeros, ...rest].slice(0, 4).join(':');
}
