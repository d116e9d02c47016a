/** The process of many connections that send: `node offering-process.ts`, with a channel to its parent that gives orders. */
import { setTimeout } from 'node:timers/promises';

import { BareConnection } from './bare-connection.ts';
import { OfferLog } from './offer-log.ts';
import type { Crew, OfferingOrder, OfferingReport } from './offering.ts';

/** How often sends that are due go out, in milliseconds. */
const tick = 2;

/** How long the last answers may take, in milliseconds. */
const patience = 30_000;

interface Person {
  connection: BareConnection;
  chatId: string;
  /** When they may send again, by the clock of `performance`. */
  waitsUntil: number;
}

const people: Person[] = [];
const underWay = new Map<number, { by: Person; at: number }>();
const closed: number[] = [];
let lastId = 0;
let startedAt = 0;
let offers = new OfferLog();
let errors: string[] = [];
let onAnswer: (by: Person) => void = () => {};

async function open({ url, token, chatIds, peopleOfEach }: Crew) {
  const connections: BareConnection[] = [];
  const onClose = (code: number) => void closed.push(code);
  for (const _ of chatIds) {
    const connection: BareConnection = await BareConnection.open(url, {
      onText: (text) => (text === 'PING' ? connection.send('PONG') : hear(text)),
      onClose,
    });
    connection.send(JSON.stringify({ method: 'connectionParams', data: { token } }));
    connections.push(connection);
  }
  for (let count = 0; count < peopleOfEach; count += 1) {
    for (const [index, connection] of connections.entries())
      people.push({ connection, chatId: chatIds[index] ?? '', waitsUntil: 0 });
  }
}

function send(by: Person) {
  const { connection, chatId } = by;
  lastId += 1;
  connection.send(
    `{"id":${lastId},"method":"mutation","params":{"path":"send.messages:send","input":{"json":{` +
      `"data":{"chatId":"${chatId}","message":"number ${lastId}"},"key":"offer-${lastId}"}}}}`,
  );
  underWay.set(lastId, { by, at: performance.now() });
}

/** Nothing is parsed that need not be: an answer begins with its id, and goes on with what it is. */
function hear(text: string) {
  const id = Number.parseInt(text.slice('{"id":'.length), 10);
  const sent = underWay.get(id);
  if (!sent) return;
  underWay.delete(id);
  const { by, at } = sent;
  const now = performance.now();
  const isDone = text.startsWith(',"result"', '{"id":'.length + String(id).length);
  offers.add(at - startedAt, now - at, isDone ? 'done' : 'refused');
  if (!isDone) {
    const [, wait] = /"OVERLOADED".*"retryAfterMs":(\d+)/.exec(text) ?? [];
    if (wait === undefined) errors.push(text);
    else by.waitsUntil = now + Number(wait);
  }
  onAnswer(by);
}

async function takeTurns(atOnce: number, milliseconds: number) {
  onAnswer = (person) => {
    if (performance.now() - startedAt < milliseconds) send(person);
  };
  for (let index = 0; index < atOnce; index += 1) send(personAt(index));
  await setTimeout(milliseconds);
}

async function offer(perSecond: number, milliseconds: number) {
  let sent = 0;
  for (;;) {
    const passed = Math.min(performance.now() - startedAt, milliseconds);
    for (; sent < (perSecond * passed) / 1000; sent += 1) {
      const person = personAt(sent);
      if (person.waitsUntil <= performance.now()) send(person);
      else offers.add(passed, 0, 'held back');
    }
    if (passed === milliseconds) return;
    await setTimeout(tick);
  }
}

/** Who is next: those of one connection are far apart. */
function personAt(index: number): Person {
  const person = people[index % people.length];
  if (!person) throw new Error('Nobody is there to send.');
  return person;
}

async function obey(order: OfferingOrder): Promise<OfferingReport> {
  [offers, errors, onAnswer] = [new OfferLog(), [], () => {}];
  startedAt = performance.now();
  if (order.do === 'open') await open(order);
  else if (order.do === 'take turns') await takeTurns(order.atOnce, order.milliseconds);
  else await offer(order.perSecond, order.milliseconds);
  while (underWay.size > 0 && performance.now() - startedAt < patience) await setTimeout(tick);
  return { offers: offers.all(), errors, closed };
}

process.on('message', async (order: OfferingOrder) => process.send?.(await obey(order)));
process.on('disconnect', () => process.exit());
