import { useEffect, useState } from 'react';

/** The time in milliseconds, renewed as often as told. */
export function useNow(everyMilliseconds: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const interval = setInterval(() => setNow(Date.now()), everyMilliseconds);
    return () => clearInterval(interval);
  }, [everyMilliseconds]);
  return now;
}
