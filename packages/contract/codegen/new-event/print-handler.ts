import type { Audience } from '../../src/roles.ts';
import { toVariable } from '../outputs/source.ts';
import type { EventPlace, NewEvent } from './new-event.ts';

/** Whom a handler publishes to, with a chat and a session at hand. */
const addresses: Record<Audience, string> = {
  chat: '{ chat: chatId }',
  agents: '{ agents: chatId }',
  room: '{ room: chat.room }',
  user: '{ user: session.user.id }',
  supervisors: '{}',
};

/** Prints the handler of an event that can be sent. */
export function printHandler({ listen }: NewEvent, { isCore, baseName, eventModule }: EventPlace) {
  const event = toVariable(baseName);
  const imports = isCore
    ? `import ${event} from '${eventModule}';

import { defineHandler } from '../define-handler.ts';`
    : `import { defineHandler } from '@parley/server';

import ${event} from '${eventModule}';`;
  const address = listen && addresses[listen.audience];
  const needs = ['data', 'chats'];
  if (address?.includes('session')) needs.push('session');
  if (address) needs.push('publish');
  const chat = address?.includes('chat.room') ? 'const chat = ' : '';
  const published = address && `await publish(${event}, data, ${address}, { chatId });\n`;
  return `${imports}

export default defineHandler(${event}, async ({ ${needs.join(', ')} }) => {
  const { chatId } = data;
  ${chat}await chats.load(chatId); // NOT_FOUND unless the sender may see it
  ${published ?? ''}return { done: true };
});
`;
}
