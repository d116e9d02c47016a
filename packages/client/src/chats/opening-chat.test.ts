import { expect, it } from 'vitest';

import { OpeningChat } from './opening-chat.ts';

const hear = (chat: OpeningChat, userId: string) => {
  const data = { chatId: 'c_1', userId, type: 'writing' } as const;
  const by = { id: 'system' } as const;
  chat.hear('users:activity', data, { name: 'users:activity', at: new Date(0), by, data });
};

it('what was heard of a chat before the connection was lost does not hold any more', () => {
  const opening = new OpeningChat('c_1');
  hear(opening, 'ann');
  opening.lose();
  hear(opening, 'bob');
  const heard: unknown[] = [];
  opening.passTo({ hear: (_name, data) => heard.push(data) });
  expect(heard).toMatchObject([{ userId: 'bob' }]);
});
