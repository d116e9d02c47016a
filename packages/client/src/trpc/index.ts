export { transformer } from '../transformer.ts';
export { connectionLink } from './connection-link.ts';
export { openConnection } from './open-connection.ts';
export type { OpenConnectionOptions } from './open-connection.ts';

export type { Connection } from '../connection/connection.ts';
