import { printKey } from '../print-source.ts';

/** A value as somebody would write it in TypeScript. */
export function printValue(value: unknown): string {
  if (value instanceof Date) {
    return `new Date(${JSON.stringify(value.toISOString().replace('.000Z', 'Z'))})`;
  }
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return `[${value.map(printValue).join(', ')}]`;
  if (value instanceof Set) return `new Set(${printValue([...value])})`;
  if (value instanceof Map) return `new Map(${printValue([...value])})`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  const entries = Object.entries(value).map(
    ([key, each]) => `${printKey(key)}: ${printValue(each)}`,
  );
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}
