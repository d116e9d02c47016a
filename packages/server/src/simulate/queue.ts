import type { ChatState } from '../chat/state.ts';

/** The chats of a room that wait for an agent to be free, the oldest first. */
export interface Queue {
  /** Puts the chat in or takes it out, as its state says. */
  keep(chat: ChatState): void;
  /** Those that are in it now. */
  chats(): readonly ChatState[];
}

export function createQueue(): Queue {
  const waiting: ChatState[] = [];
  return {
    keep(chat) {
      const wants = chat.status === 'waiting' && chat.wantsAgent && !chat.assignment;
      const place = waiting.indexOf(chat);
      if (wants === place >= 0) return;
      if (wants)
        waiting.splice(waiting.findLastIndex((other) => isBefore(other, chat)) + 1, 0, chat);
      else waiting.splice(place, 1);
    },
    chats: () => [...waiting],
  };
}

function isBefore(left: ChatState, right: ChatState): boolean {
  return (
    left.waitingSince < right.waitingSince ||
    (left.waitingSince === right.waitingSince && left.id < right.id)
  );
}
