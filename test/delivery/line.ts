import { setTimeout } from 'node:timers/promises';
import type { Socket } from 'node:net';

import type { Chance } from './chance.ts';
import type { FaultKind } from './fault-kinds.ts';
import { FrameSplitter, repliesIn, sendsIn } from './frames.ts';

const delayMilliseconds = 2000;

/** A sixteenth of a second's worth at 1 KiB/s. */
const trickle = { bytes: 64, milliseconds: 62.5 };

const longestSlice = 7;

/** One direction of a line. */
interface Way {
  mode: 'clear' | 'hole' | 'delay' | 'trickle' | 'slices';
  /** Settles when all that has come so far is passed on. */
  passed: Promise<void>;
}

interface Direction {
  from: Socket;
  to: Socket;
  way: Way;
  /** The way back. */
  back: Way;
}

/** One connection from a client to the server. */
export class Line {
  /** Resolves when the client's side is closed. */
  readonly closed: Promise<void>;
  readonly #near: Socket;
  readonly #far: Socket;
  readonly #chance: Chance;
  readonly #toServer: Way = { mode: 'clear', passed: Promise.resolve() };
  readonly #toClient: Way = { mode: 'clear', passed: Promise.resolve() };
  /** Looks out for a reply to cut off; undefined unless it should. */
  #lookout: { sends: Map<number, string>; found(key: string): void } | undefined;

  constructor(near: Socket, far: Socket, chance: Chance) {
    this.#near = near;
    this.#far = far;
    this.#chance = chance;
    far.setNoDelay(true);
    this.closed = new Promise((resolve) => near.once('close', () => resolve()));
    const [toServer, toClient] = [this.#toServer, this.#toClient];
    void this.#carry({ from: near, to: far, way: toServer, back: toClient }, (frame) =>
      this.#noteSends(frame),
    );
    void this.#carry({ from: far, to: near, way: toClient, back: toServer }, (frame) =>
      this.#isToBeCut(frame),
    );
  }

  /** Resolves when the fault is over, for a reply cut off with the key of its send. */
  async suffer(kind: FaultKind, milliseconds: number): Promise<string | undefined> {
    switch (kind) {
      case 'reset':
        this.#near.resetAndDestroy();
        this.#far.resetAndDestroy();
        await this.closed;
        return undefined;
      case 'FIN':
        this.#toServer.mode = this.#toClient.mode = 'hole';
        this.#near.end();
        this.#far.end();
        await this.closed;
        return undefined;
      case 'black hole both ways':
        this.#toServer.mode = this.#toClient.mode = 'hole';
        await this.closed;
        return undefined;
      case 'black hole to the server':
        this.#toServer.mode = 'hole';
        await this.closed;
        return undefined;
      case 'black hole to the client':
        this.#toClient.mode = 'hole';
        await this.closed;
        return undefined;
      case '2 s delay':
        return this.#slow('delay', milliseconds);
      case '1 KiB/s':
        return this.#slow('trickle', milliseconds);
      case '1-7 byte slices':
        return this.#slow('slices', milliseconds);
      case 'cut before the reply': {
        const found = Promise.withResolvers<string>();
        this.#lookout = { sends: new Map(), found: found.resolve };
        return Promise.race([found.promise, this.closed.then(() => undefined)]);
      }
      default:
        return kind satisfies never;
    }
  }

  get isOpen(): boolean {
    return !this.#near.destroyed;
  }

  destroy(): void {
    this.#near.destroy();
    this.#far.destroy();
  }

  async #slow(mode: Way['mode'], milliseconds: number): Promise<undefined> {
    this.#toServer.mode = this.#toClient.mode = mode;
    await Promise.race([setTimeout(milliseconds), this.closed]);
    this.#toServer.mode = this.#toClient.mode = 'clear';
  }

  /** Passes on what comes, frame by frame, until one that is to be cut off. */
  async #carry({ from, to, way, back }: Direction, isLast: (frame: Buffer) => boolean) {
    const splitter = new FrameSplitter();
    to.on('error', () => to.destroy());
    try {
      for await (const chunk of from) {
        for (const frame of splitter.push(chunk)) {
          if (way.mode === 'hole') continue;
          if (isLast(frame)) {
            await this.suffer('reset', 0);
            return;
          }
          const due = performance.now() + (way.mode === 'delay' ? delayMilliseconds : 0);
          way.passed = way.passed.then(() => this.#pass(frame, to, way, due));
          if (way.mode !== 'delay') await way.passed;
        }
      }
      await way.passed;
      if (way.mode !== 'hole') to.end();
    } catch {
      if (way.mode !== 'hole') to.destroy();
    }
    // Nobody hears of it at the other end of a hole, so no answer will come.
    if (way.mode === 'hole' || back.mode === 'hole') from.destroy();
  }

  async #pass(frame: Buffer, to: Socket, way: Way, due: number) {
    const early = due - performance.now();
    if (early > 0) await setTimeout(early);
    let place = 0;
    while (place < frame.length) {
      // Asked anew each time, so that the rest goes at once when the fault is over.
      const { mode } = way;
      if (mode === 'hole') return;
      const length = this.#partLength(mode, frame.length - place);
      await write(to, frame.subarray(place, place + length));
      if (mode === 'trickle') await setTimeout(trickle.milliseconds);
      place += length;
    }
  }

  #partLength(mode: Way['mode'], rest: number): number {
    if (mode === 'trickle') return Math.min(trickle.bytes, rest);
    if (mode === 'slices') return Math.min(this.#chance.between(1, longestSlice), rest);
    return rest;
  }

  #noteSends(frame: Buffer): boolean {
    if (this.#lookout) {
      for (const [id, key] of sendsIn(frame)) this.#lookout.sends.set(id, key);
    }
    return false;
  }

  #isToBeCut(frame: Buffer): boolean {
    const { sends, found } = this.#lookout ?? {};
    if (!sends || !found || sends.size === 0) return false;
    const key = repliesIn(frame)
      .map((id) => sends.get(id))
      .find((each) => each !== undefined);
    if (key !== undefined) found(key);
    return key !== undefined;
  }
}

/** Resolves when the bytes are on their way, or never will be. */
function write(to: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    if (to.destroyed) resolve();
    else to.write(bytes, () => resolve());
  });
}
