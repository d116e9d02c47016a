import { Latencies } from './latencies.ts';
import type { Work } from './measure.ts';
import { speak } from './speak.ts';
import type { StagedChat } from './stage.ts';

export interface PaceOptions {
  chats: readonly StagedChat[];
  /** Publications in all chats together, by the clock, whatever has been answered and heard. */
  perSecond: number;
  milliseconds: number;
}

/** How many seconds of publications may be under way before the server counts as one that cannot keep up. */
const patience = 2;

/** How long the last deliveries may take to come, in milliseconds. */
const drainMilliseconds = 60_000;

/**
 * Publishes at a fixed rate, the chats in turn, and times each delivery from when its publication was due, so that a
 * server that holds up the publisher pays for it. Ends when everything is heard; gives nothing when the server could
 * not keep up.
 */
export function pace({ chats, perSecond, milliseconds }: PaceOptions): Promise<Work | undefined> {
  return new Promise((resolve, reject) => {
    const latencies = new Latencies();
    const start = performance.now();
    const hearersPerChat = chats[0]?.hearers.length ?? 0;
    let published = 0;
    let expected = 0;
    let operations = 0;
    let keepsUp = true;
    let speaking = true;

    function endWhenHeard() {
      if (!speaking && operations === expected) {
        resolve(keepsUp ? { operations, latencies } : undefined);
      }
    }

    const dueOf = new Map(chats.map((chat) => [chat, hear(chat)]));

    /** Gives the times its publications are due at. All hear a chat in one order, so the n-th delivery is the n-th of them. */
    function hear({ speakers, hearers }: StagedChat): number[] {
      const dues: number[] = [];
      const onReply = () => {};
      for (const { connection } of speakers) connection.hearer = { onReply, onDelivery: onReply };
      for (const { connection } of hearers) {
        let heard = 0;
        const onDelivery = () => {
          latencies.add(performance.now() - (dues[heard] ?? Number.NaN));
          heard += 1;
          operations += 1;
          endWhenHeard();
        };
        connection.hearer = { onReply, onDelivery };
      }
      return dues;
    }

    function publish(chat: StagedChat, due: number) {
      dueOf.get(chat)?.push(due);
      expected += hearersPerChat;
      speak.next(chat);
    }

    function tick() {
      const now = performance.now();
      if (expected - operations > patience * perSecond * hearersPerChat) keepsUp = false;
      const over = !keepsUp || now - start >= milliseconds;
      for (;;) {
        if (over && chats.every(speak.mayPause)) break;
        const due = start + (published * 1000) / perSecond;
        const chat = chats[published % chats.length];
        if (!chat || due > now) break;
        if (!over || !speak.mayPause(chat)) publish(chat, due);
        published += 1;
      }
      if (!over || !chats.every(speak.mayPause)) {
        setTimeout(tick, 1);
        return;
      }
      speaking = false;
      setTimeout(() => reject(new Error('Deliveries are missing.')), drainMilliseconds).unref();
      endWhenHeard();
    }
    tick();
  });
}
