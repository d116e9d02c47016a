import superjson from 'superjson';

/** Data as the log keeps it: superjson text, so that Dates stay Dates. */
export function encodeData(data: unknown): string {
  return superjson.stringify(data);
}

export function decodeData(text: string): unknown {
  return superjson.parse(text);
}
