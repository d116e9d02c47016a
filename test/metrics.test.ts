import { defineEvent } from '@parley/contract';
import { defineHandler } from '@parley/server';
import { Counter, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import * as z from 'zod';

import {
  activeChat,
  customer,
  patiently,
  refusalCode,
  startServer,
  type TestServer,
} from './harness.ts';

/** What a server tells Prometheus, by series. */
async function metricsOf({ address }: TestServer): Promise<Map<string, number>> {
  const response = await fetch(`${address}/metrics`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const lines = (await response.text()).split('\n');
  return new Map(
    lines
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const space = line.lastIndexOf(' ');
        return [line.slice(0, space), Number(line.slice(space + 1))];
      }),
  );
}

test('sends are counted by event and by how they ended, deliveries by how they came', async () => {
  await using server = await startServer();
  const { ann, bob, chatId } = await activeChat(server);
  const heard = await bob.listen('messages:new');
  await ann.send('messages:send', { chatId, message: 'One' });
  await ann.send('messages:send', { chatId, message: 'Two' });
  await heard.take(2);
  const replayed = await bob.listen('messages:new', { lastEventId: '0' });
  await replayed.take(2);
  expect(await refusalCode(ann.send('chats:get', { chatId: 'c_unknown' }))).toBe('NOT_FOUND');
  expect(await refusalCode(ann.send('agents:login', { rooms: ['sales'] }))).toBe('FORBIDDEN');
  expect(await refusalCode(ann.sendUnchecked('messages:send', {}))).toBe('VALIDATION');

  const metrics = await metricsOf(server);
  expect(metrics.get('parley_sends_total{event="messages:send",outcome="ok"}')).toBe(2);
  expect(metrics.get('parley_sends_total{event="messages:send",outcome="VALIDATION"}')).toBe(1);
  expect(metrics.get('parley_sends_total{event="chats:get",outcome="NOT_FOUND"}')).toBe(1);
  expect(metrics.get('parley_sends_total{event="agents:login",outcome="FORBIDDEN"}')).toBe(1);
  expect(metrics.get('parley_deliveries_total{how="live"}')).toBe(2);
  expect(metrics.get('parley_deliveries_total{how="replay"}')).toBe(2);
});

test('connections are counted by role, and no more once they are closed', async () => {
  await using server = await startServer();
  const { ann } = await activeChat(server);
  await customer(server, 'eve');
  const connections = async (role: string) =>
    (await metricsOf(server)).get(`parley_connections{role="${role}"}`);
  expect([await connections('customer'), await connections('agent')]).toEqual([2, 1]);
  await ann.disconnect();
  await expect.poll(() => connections('customer'), patiently).toBe(1);
});

test('commits are spread over sizes and times, and the newest position is told', async () => {
  await using server = await startServer();
  const { ann, chatId } = await activeChat(server);
  await Promise.all(
    ['a', 'b', 'c', 'd'].map((message) => ann.send('messages:send', { chatId, message })),
  );
  const metrics = await metricsOf(server);
  const { cursor } = await ann.send('chats:get', { chatId });
  expect(metrics.get('parley_log_position')).toBe(Number(cursor));
  const commits = metrics.get('parley_commit_works_count') ?? 0;
  expect(commits).toBeGreaterThan(0);
  expect(metrics.get('parley_commit_works_bucket{le="+Inf"}')).toBe(commits);
  expect(metrics.get('parley_commit_works_bucket{le="256"}')).toBe(commits);
  expect(metrics.get('parley_commit_works_sum')).toBeGreaterThanOrEqual(commits);
  expect(metrics.get('parley_commit_seconds_count')).toBe(commits);
  expect(metrics.get('parley_commit_seconds_sum')).toBeGreaterThan(0);
  expect(metrics.get('parley_commit_failures_total')).toBe(0);
});

test('how late the event loop was is told from the second time on', async () => {
  await using server = await startServer();
  await metricsOf(server);
  const lag = async () =>
    (await metricsOf(server)).get('parley_event_loop_lag_seconds{quantile="0.99"}');
  await expect.poll(lag, patiently).toBeGreaterThanOrEqual(0);
});

test('uses of a deprecated event are counted', async () => {
  const oldEvent = defineEvent('bells:ring', {
    summary: 'A bell rings.',
    send: {
      by: ['customer'],
      data: z.strictObject({}),
      reply: z.strictObject({}),
      errors: [],
      example: {},
    },
    deprecated: { since: '0.1.0', use: 'messages:send' },
  });
  const handler = defineHandler(oldEvent, async () => ({}));
  await using server = await startServer({ events: [oldEvent], handlers: [handler] });
  const ann = await customer(server, 'ann');
  // The types of the core do not know it.
  const ring = ann.sendUnchecked.bind(ann) as (name: string, data: object) => Promise<unknown>;
  await ring('bells:ring', {});
  await ring('bells:ring', {});
  expect((await metricsOf(server)).get('parley_deprecated_total{event="bells:ring"}')).toBe(2);
});

test('a registry of the program’s own holds the metrics beside others, and two servers do not share one', async () => {
  const registry = new Registry();
  const orders = new Counter({ name: 'shop_orders_total', help: 'Orders.', registers: [registry] });
  orders.inc(3);
  await using shop = await startServer({ registry });
  await using other = await startServer();
  await customer(shop, 'ann');
  const metrics = await metricsOf(shop);
  expect(metrics.get('shop_orders_total')).toBe(3);
  expect(metrics.get('parley_connections{role="customer"}')).toBe(1);
  const others = await metricsOf(other);
  expect(others.has('shop_orders_total')).toBe(false);
  expect(others.has('parley_connections{role="customer"}')).toBe(false);
  expect(await registry.metrics()).toContain('parley_log_position');
});
