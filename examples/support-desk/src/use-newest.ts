import type { ListenEvents } from '@parley/client';
import { useEffect, useEffectEvent, useState } from 'react';

import type { Client } from './connection.ts';

/** The newest data heard of an event for each key, such as a chat or a user. */
export function useNewest<Name extends keyof ListenEvents>(
  client: Client | undefined,
  name: Name,
  keyOf: (data: ListenEvents[Name]['data']) => string,
): { [key: string]: ListenEvents[Name]['data'] } {
  const [newest, setNewest] = useState<{ [key: string]: ListenEvents[Name]['data'] }>({});
  const hear = useEffectEvent((data: ListenEvents[Name]['data']) =>
    setNewest((before) => ({ ...before, [keyOf(data)]: data })),
  );
  useEffect(() => client?.subscribe(name, (data) => hear(data)), [client, name]);
  return newest;
}
