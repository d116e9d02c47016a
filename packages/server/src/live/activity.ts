import type { ChatActivity } from '@parley/contract/types';

import type { UserRef } from '../chat/state.ts';
import type { Environment } from '../environment.ts';

type ActivityType = ChatActivity['type'];
type Cause = 'expired' | 'sent' | 'disconnected' | 'closed';

/** How long `writing` holds without being repeated, in milliseconds. */
const writingMilliseconds = 12_000;

/** A change of what a user does in a chat, over all devices. */
export interface ActivityChange {
  chatId: string;
  user: UserRef;
  type: ActivityType;
  /** Why the server ended it. */
  cause?: Cause | undefined;
}

/** What users are doing in chats. No indicator outlives its time, its message, its connection or its chat. */
export interface Activity {
  /** Notes what a user does on one connection; a repeat only extends the time. */
  note(chatId: string, user: UserRef, connectionId: string, type: ActivityType): void;
  /** A message was sent: the user is not writing any more, on any device. */
  sent(chatId: string, userId: string): void;
  /** The user has left the chat. */
  leave(chatId: string, userId: string): void;
  disconnect(connectionId: string): void;
  close(chatId: string): void;
  /** Everybody who writes or has a draft. */
  of(chatId: string): ChatActivity[];
}

interface Device {
  type: ActivityType;
  cancel: () => void;
}

interface Writer {
  chatId: string;
  user: UserRef;
  /** By connection. */
  devices: Map<string, Device>;
}

export interface ActivityOptions {
  environment: Environment;
  onChange(change: ActivityChange): void;
}

export function createActivity({ environment, onChange }: ActivityOptions): Activity {
  const chats = new Map<string, Map<string, Writer>>();

  const stateOf = ({ devices }: Writer): ActivityType => {
    const types = new Set(Array.from(devices.values(), ({ type }) => type));
    if (types.has('writing')) return 'writing';
    return types.has('stop-writing') ? 'stop-writing' : 'not-writing';
  };

  /** Changes a writer's devices and tells of it when the whole is another than before. */
  function change(writer: Writer, cause: Cause | undefined, edit: () => void) {
    const { chatId, user } = writer;
    const before = stateOf(writer);
    edit();
    const type = stateOf(writer);
    if (type === 'not-writing') {
      for (const { cancel } of writer.devices.values()) cancel();
      const writers = chats.get(chatId);
      writers?.delete(user.id);
      if (writers?.size === 0) chats.delete(chatId);
    }
    if (type !== before)
      onChange({ chatId, user, type, cause: type === 'not-writing' ? cause : undefined });
  }

  function drop(writer: Writer, connectionId: string, cause: Cause) {
    change(writer, cause, () => {
      writer.devices.get(connectionId)?.cancel();
      writer.devices.delete(connectionId);
    });
  }

  const endAll = (writer: Writer | undefined, cause?: Cause) =>
    writer &&
    change(writer, cause, () => {
      for (const { cancel } of writer.devices.values()) cancel();
      writer.devices.clear();
    });

  return {
    note(chatId, user, connectionId, type) {
      const writers = chats.get(chatId) ?? new Map<string, Writer>();
      chats.set(chatId, writers);
      const writer = writers.get(user.id) ?? { chatId, user, devices: new Map() };
      writers.set(user.id, writer);
      change(writer, undefined, () => {
        writer.devices.get(connectionId)?.cancel();
        const expire = () => drop(writer, connectionId, 'expired');
        const cancel =
          type === 'writing'
            ? environment.scheduler.after(writingMilliseconds, expire)
            : () => undefined;
        writer.devices.set(connectionId, { type, cancel });
      });
    },
    sent(chatId, userId) {
      endAll(chats.get(chatId)?.get(userId), 'sent');
    },
    leave(chatId, userId) {
      endAll(chats.get(chatId)?.get(userId));
    },
    disconnect(connectionId) {
      for (const writers of [...chats.values()]) {
        for (const writer of [...writers.values()]) {
          if (writer.devices.has(connectionId)) drop(writer, connectionId, 'disconnected');
        }
      }
    },
    close(chatId) {
      for (const writer of [...(chats.get(chatId)?.values() ?? [])]) endAll(writer, 'closed');
    },
    of(chatId) {
      return Array.from(chats.get(chatId)?.values() ?? [], (writer) => ({
        userId: writer.user.id,
        type: stateOf(writer),
      }));
    },
  };
}
