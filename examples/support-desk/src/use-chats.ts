import type { Chat, ChatList } from '@parley/client/chats';
import { useEffect, useReducer, useState } from 'react';

import type { Connection } from './connection.ts';

/** A user's chats, oldest first; closed ones until they are disposed. Undefined until it is known which there are. */
export function useChats(connection: Connection | undefined): readonly Chat[] | undefined {
  const [list, setList] = useState<ChatList>();
  // A chat stays the same object when it changes, so React is told to look again.
  const [, look] = useReducer((looks: number) => looks + 1, 0);

  useEffect(() => {
    if (!connection) return;
    const end = new AbortController();
    const show = (opened: ChatList) => {
      opened.on('list:changed', look);
      setList(opened);
    };
    // Why there is no list, the stream and the status say.
    connection.client.chats.list({ signal: end.signal }).then(show, () => undefined);
    return () => {
      end.abort();
      setList(undefined);
    };
  }, [connection]);

  return list?.chats;
}
