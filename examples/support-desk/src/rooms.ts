/** A room needs no setting up: it is there once it is named. These are the ones this page offers. */
export const rooms = ['sales', 'support', 'billing'] as const;
