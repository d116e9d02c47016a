import userFocus from '@parley/contract/events/user-focus';
import usersActivity from '@parley/contract/events/users-activity';

import { topicsOf } from '../access/audience.ts';
import type { Session } from '../access/session.ts';
import type { ListenData } from '../chat/decision.ts';
import type { UserRef } from '../chat/state.ts';
import type { Environment } from '../environment.ts';
import type { NewOccurrence } from '../log/log.ts';
import { type Activity, createActivity } from './activity.ts';
import { createFocus, type Focus } from './focus.ts';
import { type Attendance, createPresence, type Presence } from './presence.ts';

/** Tells those who listen, and keeps nothing. */
export type Publish = (occurrence: Omit<NewOccurrence, 'durable' | 'at'>) => void;

export interface LiveOptions {
  environment: Environment;
  publish: Publish;
  /** The user's first connection came, or the last one went. */
  onPresence(userId: string, online: boolean): void;
}

/** What is true only while connections live: who is there, what they do, and which chats they have in view. */
export interface Live {
  readonly presence: Presence;
  readonly activity: Activity;
  readonly focus: Focus;
  /** The user has left the chat. */
  leave(chatId: string, user: UserRef): void;
  disconnect(session: Session, attendance: Attendance): void;
}

export function createLive({ environment, publish, onPresence }: LiveOptions): Live {
  const presence = createPresence({ onChange: onPresence });
  const focus = createFocus();
  const activity = createActivity({
    environment,
    onChange({ chatId, user, type, cause }) {
      const data: ListenData<typeof usersActivity> = { chatId, userId: user.id, type };
      if (cause) data.cause = cause;
      const by = cause ? ({ id: 'system' } as const) : { id: user.id, role: user.role };
      publish({ name: usersActivity.name, chatId, by, data, topics: topicsOf({ chat: chatId }) });
    },
  });

  function tellViewers(chatId: string, { id, role }: UserRef) {
    const data: ListenData<typeof userFocus> = { chatId, viewers: focus.viewers(chatId) };
    const topics = topicsOf({ agents: chatId });
    publish({ name: userFocus.name, chatId, by: { id, role }, data, topics });
  }

  return {
    presence,
    activity,
    focus,
    leave(chatId, user) {
      activity.leave(chatId, user.id);
      if (focus.leave(chatId, user.id)) tellViewers(chatId, user);
    },
    disconnect(session, attendance) {
      presence.disconnect(session, attendance);
      activity.disconnect(session.connectionId);
      for (const chatId of focus.disconnect(session.connectionId))
        tellViewers(chatId, session.user);
    },
  };
}
