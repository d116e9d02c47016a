/** Keeps a value over a reload of this tab; other tabs have their own, and so can be other users. */
export function remember(name: string, value: unknown): void {
  if (value === undefined) sessionStorage.removeItem(name);
  else sessionStorage.setItem(name, JSON.stringify(value));
}

export function recall(name: string): unknown {
  const text = sessionStorage.getItem(name);
  return text === null ? undefined : JSON.parse(text);
}
