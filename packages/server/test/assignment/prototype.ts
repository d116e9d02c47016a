import { createParley, type Session, type Environment } from '@parley/server';
import { setImmediate as nextTurn } from 'node:timers/promises';

let now = Date.parse('2026-01-01');
const tasks: (() => void)[] = [];
const timers = new Set<{ at: number; task: () => void }>();
let s = 1;
const environment: Environment = {
  now: () => now,
  random: {
    bytes: (n) =>
      Uint8Array.from({ length: n }, () => ((s = Math.imul(s, 1103515245) + 12345) >>> 16) & 255),
  },
  scheduler: {
    soon: (task) => void tasks.push(task),
    after: (ms, task) => {
      const t = { at: now + Math.max(ms, 0), task };
      timers.add(t);
      return () => void timers.delete(t);
    },
  },
};
let turns = 0;
const immediate = () => new Promise<void>((r) => setImmediate(r));
async function settle() {
  await immediate();
  while (tasks.length) {
    for (const t of tasks.splice(0)) t();
    turns++;
    await immediate();
  }
}
const store = process.argv[2] ?? 'sqlite::memory:';
const opening = createParley({ store, auth: { secret: 'x' }, environment, onError: console.error });
for (let i = 0; i < 10; i++) await settle();
const parley = await opening;
const session = (id: string, role: 'agent' | 'customer'): Session => ({
  user: { id, role, name: id },
  role,
  expiresAt: now + 1e12,
  connectionId: id + 'n',
});
async function send(s: Session, name: string, data: unknown, key?: string) {
  const caller = (parley.router.createCaller({ session: s }) as any).send[name];
  const p = caller({ data, key });
  p.catch(() => {});
  await settle();
  return p;
}
const N = 1500;
for (let round = 0; round < 3; round++) {
  const t0 = process.cpuUsage();
  const w0 = performance.now();
  let sends = 0;
  turns = 0;
  for (let i = 0; i < N; i++) {
    const room = `r${round}-${i}`;
    const a = session(`a${round}-${i}`, 'agent'),
      b = session(`b${round}-${i}`, 'agent'),
      c = session(`c${round}-${i}`, 'customer');
    parley.connect(a);
    parley.connect(b);
    parley.connect(c);
    await send(a, 'agents:login', { rooms: [room] }, 'k');
    await send(b, 'agents:login', { rooms: [room] }, 'k');
    const { chat } = await send(c, 'chats:create', { room, source: 'web' }, 'k');
    const r = await send(c, 'chats:assign', { chatId: chat.id }, 'k2');
    const g = await send(a, 'chats:join', { chatId: chat.id }, 'k3');
    await send(a, 'chats:leave', { chatId: chat.id }, 'k4');
    await send(b, 'chats:join', { chatId: chat.id }, 'k4');
    await send(c, 'chats:close', { chatId: chat.id }, 'k3');
    await send(a, 'agents:logout', {}, 'k3');
    await send(b, 'agents:logout', {}, 'k3');
    parley.disconnect(a);
    parley.disconnect(b);
    parley.disconnect(c);
    await settle();
    sends += 10;
  }
  const t1 = process.cpuUsage(t0);
  console.log(
    ((t1.user + t1.system) / sends).toFixed(0),
    'µs cpu per send',
    ((performance.now() - w0) / N).toFixed(2),
    'ms wall/seq',
    turns / sends,
    'turns/send',
  );
}
