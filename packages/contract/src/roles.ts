/** Who a session acts as. A service is a back end that acts for others. */
export const roles = ['customer', 'agent', 'supervisor', 'service'] as const;

export type Role = (typeof roles)[number];

/**
 * Who hears an occurrence: members of the chat, only its agents and watchers, the agents logged in to the
 * room, all connections of one user, or supervisors alone. Supervisors and services also hear what the others hear.
 */
export const audiences = ['chat', 'agents', 'room', 'user', 'supervisors'] as const;

export type Audience = (typeof audiences)[number];
