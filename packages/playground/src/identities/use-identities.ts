import type { Occurrence } from '@parley/client';
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';

import type { PlaygroundEvent } from '../contract/contract.ts';
import { Identity, type User, type View } from './identity.ts';

export interface Identities {
  readonly all: readonly Identity[];
  add(user: User): void;
  remove(identity: Identity): void;
}

const key = 'parley playground';

/** Who is connected: at first a customer and an agent; a reload brings back those there were. */
export function useIdentities(
  events: readonly PlaygroundEvent[],
  onHeard: (occurrence: Occurrence) => void,
): Identities {
  const [all, setAll] = useState<readonly Identity[]>([]);
  const open = useCallback(
    (user: User) => new Identity({ user, events, onHeard }),
    [events, onHeard],
  );

  useEffect(() => {
    const opened = recall().map(open);
    setAll(opened);
    return () => {
      for (const identity of opened) identity.close();
    };
  }, [open]);

  useEffect(() => {
    if (all.length > 0) {
      sessionStorage.setItem(key, JSON.stringify(all.map(({ user }) => user)));
    }
  }, [all]);

  return {
    all,
    add: (user) => setAll([...all, open(user)]),
    remove(identity) {
      identity.close();
      setAll(all.filter((each) => each !== identity));
    },
  };
}

/** How an identity is, as it changes. */
export function useView(identity: Identity): View {
  return useSyncExternalStore(
    (watcher) => identity.watch(watcher),
    () => identity.view,
  );
}

function recall(): readonly User[] {
  const text = sessionStorage.getItem(key);
  if (text !== null) return JSON.parse(text) as User[];
  return [
    { id: newId('ann'), name: 'Ann', role: 'customer' },
    { id: newId('bob'), name: 'Bob', role: 'agent' },
  ];
}

/** An id that nobody had before, so that Ann has no chat yet. */
export function newId(name: string): string {
  const suffix = Math.random().toString(36).slice(2, 6);
  return `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}-${suffix}`;
}
