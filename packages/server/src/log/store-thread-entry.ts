import { parentPort, workerData } from 'node:worker_threads';

import { openDatabase } from './open-database.ts';
import type { Answer, Order } from './store-thread.ts';

/* The inside of a `StoreThread`. */
const { database, prepare, runAll, commit } = openDatabase(String(workerData));

function carryOut(order: Order): number {
  if (order.kind === 'checkpoint') {
    database.pragma('wal_checkpoint(PASSIVE)');
    return 0;
  }
  prepare('BEGIN IMMEDIATE').run();
  runAll(order.runs);
  return commit();
}

function answer(order: Order): Answer {
  try {
    return { took: carryOut(order) };
  } catch (error) {
    if (database.inTransaction) prepare('ROLLBACK').run();
    const { message, code } = Object(error);
    return { failure: { message, code } };
  }
}

parentPort?.on('message', (order: Order) => parentPort?.postMessage(answer(order)));
