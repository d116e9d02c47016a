import type { ChatActivity } from '@parley/client';
import { useEffect, useRef } from 'react';

export type ActivityType = ChatActivity['type'];

/** The server ends `writing` after 12 s, so it is repeated while keys are pressed. */
const repeatMilliseconds = 5000;

/** Without a key for this long, a draft counts as left alone. */
const pauseMilliseconds = 2000;

export interface Activity {
  /** A key was pressed, and this is the draft now. */
  typed(draft: string): void;
  /** The draft was sent. The server knows that this ends the writing. */
  sent(): void;
}

/** Reports what the user does in the message field, no more often than it has to. */
export function useActivity(report: (type: ActivityType) => void): Activity {
  const last = useRef<{ type: ActivityType; at: number }>({ type: 'not-writing', at: 0 });
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(pause.current), []);

  function become(type: ActivityType) {
    const { type: before, at } = last.current;
    const repeats = type === 'writing' && Date.now() - at >= repeatMilliseconds;
    if (type === before && !repeats) return;
    last.current = { type, at: Date.now() };
    report(type);
  }

  return {
    typed(draft) {
      clearTimeout(pause.current);
      become(draft === '' ? 'not-writing' : 'writing');
      if (draft !== '') pause.current = setTimeout(become, pauseMilliseconds, 'stop-writing');
    },
    sent() {
      clearTimeout(pause.current);
      last.current = { type: 'not-writing', at: 0 };
    },
  };
}
