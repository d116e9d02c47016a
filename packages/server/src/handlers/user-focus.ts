import userFocus from '@parley/contract/events/user-focus';

import { defineHandler } from '../define-handler.ts';

export default defineHandler(userFocus, async ({ data, session, chats, focus, publish }) => {
  const { chatId, focused = true } = data;
  if (chatId !== undefined) await chats.load(chatId);
  const { connectionId, user } = session;
  for (const changed of focus.note(connectionId, user.id, chatId, focused)) {
    const viewers = focus.viewers(changed);
    await publish(
      userFocus,
      { chatId: changed, viewers },
      { agents: changed },
      { chatId: changed },
    );
  }
  return { success: true };
});
