import { type RefObject, useEffect, useState } from 'react';

/** Whether the user can see the element: it is on the screen, and so is the page. */
export function useInView(element: RefObject<HTMLElement | null>): boolean {
  const [onScreen, setOnScreen] = useState(false);
  const [pageShown, setPageShown] = useState(!document.hidden);

  useEffect(() => {
    if (!element.current) return;
    const observer = new IntersectionObserver((changes) => {
      setOnScreen(changes.at(-1)?.isIntersecting ?? false);
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);

  useEffect(() => {
    const look = () => setPageShown(!document.hidden);
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);

  return onScreen && pageShown;
}
