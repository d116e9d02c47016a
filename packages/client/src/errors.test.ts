import { describe, expect, it } from 'vitest';

import { disconnected, EventError, isEventError, timedOut } from './errors.ts';

describe('isEventError', () => {
  it('is true of every error of ours, and of nothing else', () => {
    expect(isEventError(disconnected('closed'))).toBe(true);
    expect(isEventError(new Error('DISCONNECTED'))).toBe(false);
    expect(isEventError({ code: 'DISCONNECTED' })).toBe(false);
  });

  it('is true under a name only of errors of that event, and of those that are about every event', () => {
    const error = timedOut('chats:create', 50);
    expect(isEventError(error, 'chats:create')).toBe(true);
    expect(isEventError(error, 'chats:close')).toBe(false);
    expect(isEventError(disconnected('closed'), 'chats:close')).toBe(true);
  });
});

describe('an EventError', () => {
  it('keeps its cause', () => {
    const cause = new Error('socket hang up');
    expect(disconnected('lost', 'chats:create', cause).cause).toBe(cause);
    expect(disconnected('closed')).toBeInstanceOf(EventError);
  });
});
