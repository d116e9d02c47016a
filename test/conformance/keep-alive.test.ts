import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { kindOf } from './answer.ts';
import { startDesk } from './desk.ts';
import { sockets } from './sockets.ts';

describe.each(sockets)('keeping alive a connection to the socket of %s', (socket) => {
  // tRPC's adapter takes the process's timers. The network runs as ever.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }));
  afterEach(() => void vi.useRealTimers());

  test('PING is answered with PONG, and PONG with nothing', async () => {
    await using desk = await startDesk(socket);
    const before = desk.ann.frames.length;
    desk.ann.sendText('PONG');
    desk.ann.sendText('PING');
    desk.ann.sendText('PING');
    await desk.ann.heard('PONG', 2);
    await desk.ann.caughtUp();
    expect(desk.ann.frames.slice(before, before + 2)).toEqual(['PONG', 'PONG']);
    expect(desk.ann.frames).toHaveLength(before + 5);
  });

  test('the server pings whoever was silent for 25 seconds', async () => {
    await using desk = await startDesk(socket);
    await vi.advanceTimersByTimeAsync(24_000);
    await desk.ann.caughtUp();
    await vi.advanceTimersByTimeAsync(24_000);
    await desk.ann.caughtUp();
    expect(desk.ann.frames).not.toContain('PING');
    await vi.advanceTimersByTimeAsync(25_000);
    await desk.ann.heard('PING');
  });

  test.each(['PONG', 'PING'])('%s is an answer to a ping', async (text) => {
    await using desk = await startDesk(socket);
    for (const round of [1, 2, 3]) {
      await vi.advanceTimersByTimeAsync(25_000);
      await desk.ann.heard('PING', round);
      desk.ann.sendText(text);
      desk.backend.sendText(text);
      // Read after the text, and so answered after it.
      await desk.ann.caughtUp();
      await desk.backend.caughtUp();
    }
    expect(kindOf(await desk.ann.sendEvent('users:chats', {}))).toBe('data');
  });

  test('whoever does not answer a ping within 8 seconds is cut off', async () => {
    await using desk = await startDesk(socket);
    await vi.advanceTimersByTimeAsync(25_000);
    await desk.ann.heard('PING');
    desk.backend.sendText('PONG');
    await desk.backend.caughtUp();
    await vi.advanceTimersByTimeAsync(8000);
    expect(await desk.ann.closed).toBe(1006);
    expect(kindOf(await desk.backend.sendEvent('users:chats', {}))).toBe('data');
  });
});
