/** The process of a client under test: `node drive-client.ts <client>`, with a channel to its parent that gives orders. */
import type { Client, Order, Report } from './clients/client.ts';
import { clients, isClientName } from './clients/clients.ts';

const [name = ''] = process.argv.slice(2);
if (!isClientName(name)) throw new Error(`There is no client ${JSON.stringify(name)}.`);
const { default: open } = await clients[name]();

/** Microseconds of processor time and seconds from now on. */
function watch() {
  const before = process.cpuUsage();
  const start = performance.now();
  return (operations: number): Report => {
    const { user, system } = process.cpuUsage(before);
    return { operations, cpu: user + system, seconds: (performance.now() - start) / 1000 };
  };
}

async function request(client: Client, chatIds: string[], depth: number, milliseconds: number) {
  const deadline = performance.now() + milliseconds;
  const report = watch();
  let operations = 0;
  async function worker(index: number) {
    while (performance.now() < deadline) {
      await client.request(chatIds[index % chatIds.length] ?? '');
      operations += 1;
    }
  }
  await Promise.all(Array.from({ length: depth }, (_, index) => worker(index)));
  return report(operations);
}

let client: Client | undefined;
let chatIds: string[] = [];
let heard = 0;
let report = watch();
let expected = Number.POSITIVE_INFINITY;
let onAllHeard = () => {};

function onDelivery() {
  heard += 1;
  if (heard === expected) onAllHeard();
}

/** Resolves once so many deliveries have been heard since `listen`. */
function hear(count: number): Promise<void> {
  return new Promise((resolve) => {
    expected = count;
    onAllHeard = resolve;
    if (heard === count) resolve();
  });
}

async function obey(order: Order): Promise<Report> {
  if (order.do === 'open') {
    client = await open(order.options);
    chatIds = order.chatIds;
    return report(0);
  }
  if (!client) throw new Error('Open first.');
  switch (order.do) {
    case 'request':
      return request(client, chatIds, order.depth, order.milliseconds);
    case 'listen':
      heard = 0;
      expected = Number.POSITIVE_INFINITY;
      await client.listen(onDelivery);
      report = watch();
      return report(0);
    case 'hear': {
      await hear(order.count);
      const reported = report(heard);
      client.unlisten();
      return reported;
    }
  }
}

process.on('message', async (order: Order) => process.send?.(await obey(order)));
process.on('disconnect', () => process.exit());
