const [zero, nine] = ['0'.charCodeAt(0), '9'.charCodeAt(0)];

/** The number whose digits start there. */
export function numberAt(bytes: Buffer, start: number): number {
  let number = 0;
  for (let at = start; ; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < zero || byte > nine) return number;
    number = number * 10 + (byte - zero);
  }
}

/** Whether the bytes there are this text. */
export function startsWith(bytes: Buffer, start: number, text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (bytes[start + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}
