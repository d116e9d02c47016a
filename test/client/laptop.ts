import { connect, type ConnectOptions, type Environment, type Events } from '@parley/client';
import type { ListenEvents, SendEvents } from '@parley/contract';
import { systemEnvironment } from '@parley/server';
import { expect } from 'vitest';

import { createVirtualEnvironment } from '../virtual-environment.ts';
import { recordingWebSocket } from './recording-web-socket.ts';
import { type Found, type SleepingLine, startSleepingLine } from './sleeping-line.ts';

/** A computer with a client, which can be put to sleep. Its clock stands until it is waited for something. */
export interface Laptop extends AsyncDisposable {
  events: Events<SendEvents, ListenEvents>;
  /** The statuses that the client went through. */
  states: readonly string[];
  /** How many connections it has opened. */
  readonly connections: number;
  deafen: SleepingLine['deafen'];
  sleep: SleepingLine['sleep'];
  /** Wakes after so long: its clock says so, but its timers have waited no longer than before, unless they count sleep. */
  wake(slept: number, found: Found, timersCountSleep: boolean): Promise<void>;
  /** Lets time pass until something is as expected. */
  until(look: () => boolean): Promise<void>;
}

export interface LaptopOptions extends Omit<ConnectOptions, 'WebSocket' | 'environment' | 'token'> {
  /** What time it is when it is switched on. */
  now: number;
  token(): Promise<string>;
}

const secondMilliseconds = 1000;

export async function openLaptop({ now: start, ...options }: LaptopOptions): Promise<Laptop> {
  const clock = createVirtualEnvironment(new Date(start));
  const line = await startSleepingLine(options.url);
  const { WebSocket, sockets } = recordingWebSocket();
  const faults: unknown[] = [];
  /** By how much its timers do not know of the time that has passed. */
  let asleepFor = 0;
  let asking = 0;
  const { random } = systemEnvironment;
  const environment: Partial<Environment> = {
    now: () => clock.now() + asleepFor,
    random,
    scheduler: clock.scheduler,
    report: (error) => void faults.push(error),
  };
  const events = connect({
    ...options,
    url: line.url,
    WebSocket,
    environment,
    async token() {
      asking += 1;
      return options.token().finally(() => (asking -= 1));
    },
  });
  const states: string[] = [];
  events.onStatus((status) =>
    states.push(status.state === 'resync' ? `resync ${status.reason}` : status.state),
  );
  // What goes over the network takes none of the client's time, or a busy machine would be too late.
  const isBusy = () =>
    asking > 0 || sockets.some(({ readyState }) => readyState === WebSocket.CONNECTING);

  return {
    events,
    states,
    get connections() {
      return sockets.length;
    },
    deafen: line.deafen,
    sleep: line.sleep,
    async wake(slept, found, timersCountSleep) {
      if (!timersCountSleep) asleepFor += slept;
      line.wake(found);
      if (timersCountSleep) await clock.advance(slept);
    },
    async until(look) {
      const pass = async () => {
        if (!isBusy() && !look()) await clock.advance(secondMilliseconds);
        return look();
      };
      await expect.poll(pass, { interval: 10, timeout: 20_000 }).toBe(true);
    },
    async [Symbol.asyncDispose]() {
      await events.close();
      await line[Symbol.asyncDispose]();
      expect(faults).toEqual([]);
    },
  };
}
