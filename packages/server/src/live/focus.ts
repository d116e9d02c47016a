/** Which chats users have in view, per connection. */
export interface Focus {
  /** Returns the chats whose viewers have changed. */
  note(
    connectionId: number,
    userId: string,
    chatId: string | undefined,
    focused: boolean,
  ): string[];
  disconnect(connectionId: number): string[];
  /** The user has left the chat; whether its viewers have changed. */
  leave(chatId: string, userId: string): boolean;
  viewers(chatId: string): string[];
}

interface View {
  userId: string;
  chatId: string;
}

export function createFocus(): Focus {
  const byConnection = new Map<number, View>();
  const byChat = new Map<string, Set<View>>();

  function leave(connectionId: number): string[] {
    const view = byConnection.get(connectionId);
    if (!view) return [];
    byConnection.delete(connectionId);
    const views = byChat.get(view.chatId);
    views?.delete(view);
    if (views?.size === 0) byChat.delete(view.chatId);
    return [view.chatId];
  }

  return {
    note(connectionId, userId, chatId, focused) {
      const before = byConnection.get(connectionId);
      if (chatId === undefined) return focused ? [] : leave(connectionId);
      if (!focused) return before?.chatId === chatId ? leave(connectionId) : [];
      if (before?.chatId === chatId) return [];
      const left = leave(connectionId);
      const view = { userId, chatId };
      byConnection.set(connectionId, view);
      byChat.set(chatId, (byChat.get(chatId) ?? new Set()).add(view));
      return [...left, chatId];
    },
    disconnect: leave,
    leave(chatId, userId) {
      const gone = [...byConnection].filter(
        ([, view]) => view.chatId === chatId && view.userId === userId,
      );
      for (const [connectionId] of gone) leave(connectionId);
      return gone.length > 0;
    },
    viewers: (chatId) =>
      [...new Set(Array.from(byChat.get(chatId) ?? [], ({ userId }) => userId))].toSorted(),
  };
}
