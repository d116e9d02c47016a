/** The time of day, to the millisecond. */
export function formatInstant(at: Date): string {
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(pad).join(':');
  return `${time}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}

/** A size in words that fit a narrow column. */
export function formatBytes(bytes: number): string {
  return bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(1)} KiB`;
}

const pad = (part: number) => String(part).padStart(2, '0');
