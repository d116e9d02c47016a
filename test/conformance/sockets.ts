/** The two connection handlers: tRPC's own, which says what is right, and ours, which has to say the same. */
export const sockets = ['trpc', 'parley'] as const;

export type Socket = (typeof sockets)[number];
