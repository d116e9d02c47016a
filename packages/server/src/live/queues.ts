import queuesUpdate from '@parley/contract/events/queues-update';

import { topicsOf } from '../access/audience.ts';
import type { ListenData } from '../chat/decision.ts';
import type { Environment } from '../environment.ts';
import type { Log } from '../log/log.ts';
import { isRoomStaffed } from '../tables/agents.ts';
import { text } from '../tables/columns.ts';
import type { Publish } from './live.ts';

type Place = ListenData<typeof queuesUpdate>;

/** Tells waiting customers their place when it changes, and not otherwise. */
export interface Queues extends Disposable {
  /** Looks at a room's queue soon; several calls in one turn count once. */
  refresh(room: string): void;
}

export interface QueuesOptions {
  environment: Environment;
  log: Log;
  isOnline(userId: string): boolean;
  publish: Publish;
  onError(error: unknown): void;
}

export function createQueues({
  environment,
  log,
  isOnline,
  publish,
  onError,
}: QueuesOptions): Queues {
  /** What was told last, by room and chat. */
  const told = new Map<string, Map<string, Place>>();
  const pending = new Set<string>();
  let disposed = false;

  async function look(room: string) {
    const { rows, staffed } = await log.read(async (snapshot) => ({
      rows: await snapshot.all(
        `SELECT id, customer_id FROM chat WHERE room = ? AND status = 'waiting' ORDER BY waiting_since, id`,
        room,
      ),
      staffed: await isRoomStaffed(snapshot, room, isOnline),
    }));
    const before = told.get(room);
    const now = new Map<string, Place>();
    const waiting = staffed ? rows.length : 'nobody-available';
    for (const [queuePosition, row] of rows.entries()) {
      const chatId = text(row, 'id');
      const place: Place = { chatId, queuePosition, waiting };
      const last = before?.get(chatId);
      now.set(chatId, place);
      if (last?.queuePosition === queuePosition && last.waiting === waiting) continue;
      publish({
        name: queuesUpdate.name,
        chatId,
        by: { id: 'system' },
        data: place,
        topics: topicsOf({ user: text(row, 'customer_id'), room }),
      });
    }
    if (now.size === 0) told.delete(room);
    else told.set(room, now);
  }

  return {
    refresh(room) {
      if (pending.has(room)) return;
      pending.add(room);
      environment.scheduler.soon(() => {
        pending.delete(room);
        if (!disposed) look(room).catch(onError);
      });
    },
    [Symbol.dispose]() {
      disposed = true;
    },
  };
}
