import type { ChatView, RunningAssignment } from '@parley/contract/types';
import { expect, it } from 'vitest';

import { ChatState } from './chat-state.ts';

const running: RunningAssignment = { assignmentId: 'a_1', deadline: new Date(60_000) };
const step = (attempt: number, id: string) => ({
  ...running,
  attempt,
  maxAttempts: 3,
  agent: { id },
});

/** The chat as it was fetched at position 9. */
function fetched(assignment: RunningAssignment | undefined): ChatState {
  const view: ChatView = {
    id: 'c_1',
    room: 'sales',
    source: 'web',
    status: 'waiting',
    customerId: 'ann',
    createdAt: new Date(0),
    unread: 0,
    assignment,
    activity: [],
  };
  return new ChatState(view, 9, 'sue');
}

it('who was asked before the chat was fetched is known when it is heard after that', () => {
  const state = fetched(running);
  expect(state.assignment).toEqual(running);
  state.assign(step(1, 'bob'), 5);
  expect(state.assignment).toEqual(step(1, 'bob'));
  state.uninvite(6);
  expect(state.assignment).toEqual({ ...step(1, 'bob'), agent: undefined });
  state.assign(step(2, 'carol'), 7);
  state.uninvite(6);
  expect(state.assignment).toEqual(step(2, 'carol'));
});

it('an assignment that was over when the chat was fetched does not run, whatever is heard of it after that', () => {
  const state = fetched(undefined);
  state.assign(step(1, 'bob'), 5);
  expect(state.assignment).toBe(undefined);
  const next = fetched({ ...running, assignmentId: 'a_2' });
  next.assign(step(1, 'bob'), 5);
  expect(next.assignment).toEqual({ ...running, assignmentId: 'a_2' });
});
