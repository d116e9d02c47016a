/** Whether a key would reach a prototype. superjson refuses to write an object that has one. */
export function isUnsafeKey(key: string): boolean {
  return key === '__proto__' || key === 'constructor' || key === 'prototype';
}
