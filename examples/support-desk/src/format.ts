const minutes = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

/** The time of day, to the minute. */
export const formatTime = (at: Date): string => minutes.format(at);

/** The time of day, to the millisecond. */
export function formatInstant(at: Date): string {
  const [hours, mins, seconds] = [at.getHours(), at.getMinutes(), at.getSeconds()].map(pad);
  return `${hours}:${mins}:${seconds}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}

const pad = (part: number) => String(part).padStart(2, '0');
