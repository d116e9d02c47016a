/** How long a connection outlives its token, in milliseconds. */
export const expiryMilliseconds = 25_000;

/** How long a peer may be silent before it is pinged, and how long it may take to answer, in milliseconds. */
export const pingMilliseconds = 25_000;
export const pongMilliseconds = 8000;

/** How often clients that want it are told positions, in milliseconds. A hole must be found within ten seconds. */
export const positionsMilliseconds = 8000;

/** How long a client whose sessions are over may take to close, in milliseconds. */
export const closingMilliseconds = 500;
