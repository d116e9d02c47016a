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
  note(chatId: string, user: UserRef, connectionId: number, type: ActivityType): void;
  /** A message was sent: the user is not writing any more, on any device. */
  sent(chatId: string, userId: string): void;
  /** The user has left the chat. */
  leave(chatId: string, userId: string): void;
  disconnect(connectionId: number): void;
  close(chatId: string): void;
  /** Everybody who writes or has a draft. */
  of(chatId: string): ChatActivity[];
}

/** What a user does on one connection. */
interface Device {
  writer: Writer;
  connectionId: number;
  type: ActivityType;
  /** When writing ends unless it is repeated. */
  until: number;
}

interface Writer {
  chatId: string;
  user: UserRef;
  /** By connection. */
  devices: Map<number, Device>;
}

export interface ActivityOptions {
  environment: Environment;
  onChange(change: ActivityChange): void;
}

export function createActivity({ environment, onChange }: ActivityOptions): Activity {
  const chats = new Map<string, Map<string, Writer>>();

  /** Where somebody is writing; who began or repeated it first is first, and the first whose time is over. */
  const writing = new Set<Device>();
  let isWaiting = false;

  const stateOf = ({ devices }: Writer): ActivityType => {
    let state: ActivityType = 'not-writing';
    for (const { type } of devices.values()) {
      if (type === 'writing') return type;
      if (type === 'stop-writing') state = type;
    }
    return state;
  };

  /** Waits for the first end of writing, with one timer for all. */
  function wait() {
    const [first] = writing;
    if (!first || isWaiting) return;
    isWaiting = true;
    environment.scheduler.after(first.until - environment.now(), () => {
      isWaiting = false;
      expire();
      wait();
    });
  }

  function expire() {
    for (const { writer, connectionId, until } of writing) {
      if (until > environment.now()) return;
      drop(writer, connectionId, 'expired');
    }
  }

  function forget(device: Device | undefined) {
    if (!device) return;
    writing.delete(device);
    device.writer.devices.delete(device.connectionId);
  }

  /** Tells of a change of the whole; a writer who is not writing any more is forgotten. */
  function tell(writer: Writer, before: ActivityType, cause?: Cause) {
    const { chatId, user } = writer;
    const type = stateOf(writer);
    if (type === 'not-writing') {
      for (const device of writer.devices.values()) forget(device);
      const writers = chats.get(chatId);
      writers?.delete(user.id);
      if (writers?.size === 0) chats.delete(chatId);
    }
    if (type !== before)
      onChange({ chatId, user, type, cause: type === 'not-writing' ? cause : undefined });
  }

  function drop(writer: Writer, connectionId: number, cause: Cause) {
    const before = stateOf(writer);
    forget(writer.devices.get(connectionId));
    tell(writer, before, cause);
  }

  function endAll(writer: Writer | undefined, cause?: Cause) {
    if (!writer) return;
    const before = stateOf(writer);
    for (const device of writer.devices.values()) forget(device);
    tell(writer, before, cause);
  }

  function writerOf(chatId: string, user: UserRef): Writer {
    let writers = chats.get(chatId);
    if (!writers) chats.set(chatId, (writers = new Map()));
    let writer = writers.get(user.id);
    if (!writer) writers.set(user.id, (writer = { chatId, user, devices: new Map() }));
    return writer;
  }

  return {
    note(chatId, user, connectionId, type) {
      const writer = writerOf(chatId, user);
      const before = stateOf(writer);
      forget(writer.devices.get(connectionId));
      const device = { writer, connectionId, type, until: environment.now() + writingMilliseconds };
      writer.devices.set(connectionId, device);
      if (type === 'writing') writing.add(device);
      tell(writer, before);
      wait();
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
