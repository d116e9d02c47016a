export { fakeParley } from './fake-parley.ts';
export type { FakeParley, FakeParleyOptions } from './fake-parley.ts';
export type { FakeClock } from './fake-clock.ts';
export type { AnyFixtures, FireOptions } from './fake-server.ts';
export type { Handlers, Sent } from './handlers.ts';

export { fixtures } from '@parley/contract/fixtures';
