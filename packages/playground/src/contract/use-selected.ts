import { useEffect, useState } from 'react';

import type { PlaygroundEvent } from './contract.ts';

/** The event that the page's address names, and what names another one. */
export function useSelected(
  events: readonly PlaygroundEvent[],
): [PlaygroundEvent | undefined, (name: string) => void] {
  const [name, setName] = useState(() => decodeURIComponent(location.hash.slice(1)));
  useEffect(() => {
    const look = () => setName(decodeURIComponent(location.hash.slice(1)));
    addEventListener('hashchange', look);
    return () => removeEventListener('hashchange', look);
  }, []);
  const byName = (wanted: string) => events.find((event) => event.name === wanted);
  return [
    byName(name) ?? events.find(isBeginning) ?? events[0],
    (wanted) => {
      location.hash = wanted;
    },
  ];
}

/** Whether a customer can send it before there is anything. */
function isBeginning({ send }: PlaygroundEvent): boolean {
  const { required = [] } = send?.data ?? {};
  return (send?.by.includes('customer') ?? false) && required.length > 0 && !required.some(isId);
}

const isId = (name: string) => name.endsWith('Id');
