import { parentPort, workerData } from 'node:worker_threads';

import Database from 'better-sqlite3';

/* The thread of a `Checkpointer`: each message is a pass over what is written ahead, and answered when it is done. */
const database = new Database(String(workerData));
database.pragma('synchronous = FULL');
parentPort?.on('message', () => {
  database.pragma('wal_checkpoint(PASSIVE)');
  parentPort?.postMessage('done');
});
