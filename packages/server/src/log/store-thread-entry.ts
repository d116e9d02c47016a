import { parentPort, workerData } from 'node:worker_threads';

import { openDatabase } from './open-database.ts';
import type { Answer, Order } from './store-thread.ts';

/* The inside of a `StoreThread`. */
const { database, prepare, runAll } = openDatabase(String(workerData));

function carryOut(order: Order) {
  if (order.kind === 'checkpoint') {
    database.pragma('wal_checkpoint(PASSIVE)');
    return;
  }
  prepare('BEGIN IMMEDIATE').run();
  runAll(order.runs);
  prepare('COMMIT').run();
}

function answer(order: Order): Answer {
  try {
    carryOut(order);
    return {};
  } catch (error) {
    if (database.inTransaction) prepare('ROLLBACK').run();
    const { message, code } = Object(error);
    return { failure: { message, code } };
  }
}

parentPort?.on('message', (order: Order) => parentPort?.postMessage(answer(order)));
