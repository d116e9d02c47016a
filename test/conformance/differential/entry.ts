import fc from 'fast-check';

import { type Frame, frameOf, optional } from './frame.ts';

/** The first frames of a connection. */
export interface Entry {
  frames: Frame[];
  /** Whether they bring parameters, if only ones that nobody can log in with. */
  isUnderstood: boolean;
}

const parameters = fc.oneof(
  {
    arbitrary: fc.constant({ method: 'connectionParams', data: { token: '$token' } }),
    weight: 20,
  },
  fc.constantFrom<unknown>(
    { method: 'connectionParams', data: { token: 'let.me.in' } },
    { method: 'connectionParams', data: {} },
    { method: 'connectionParams', data: null },
    { data: { token: '$token', more: 'x' } },
  ),
);

const noParameters = fc.constantFrom<unknown>(
  { method: 'connectionParams' },
  { data: { token: 1 } },
  { data: [] },
  [],
  null,
  1,
  { id: 1, method: 'mutation', params: { path: 'send.users:chats', input: { json: {} } } },
);

export const entry: fc.Arbitrary<Entry> = fc.oneof(
  {
    arbitrary: fc
      .tuple(optional(fc.constantFrom('PING', 'PONG')), parameters)
      .map(([word, each]) => ({
        frames: [...(word === undefined ? [] : [{ text: word }]), frameOf(each)],
        isUnderstood: true,
      })),
    weight: 20,
  },
  fc
    .oneof(
      noParameters.map(frameOf),
      fc.constantFrom<Frame>({ text: '' }, { text: '{' }, { binary: '{"data":{}}' }),
    )
    .map((frame) => ({ frames: [frame], isUnderstood: false })),
);
