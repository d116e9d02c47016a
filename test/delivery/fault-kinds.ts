/** What can befall a connection. */
export const faultKinds = [
  'reset',
  'FIN',
  'black hole both ways',
  'black hole to the server',
  'black hole to the client',
  '2 s delay',
  '1 KiB/s',
  '1-7 byte slices',
  'cut before the reply',
] as const;

export type FaultKind = (typeof faultKinds)[number];
