import { connect } from '@parley/client';
import { signToken } from '@parley/server';

import type { Chat, Furniture, Member } from '../peer.ts';
import { secret } from './secret.ts';

/** How many chats are opened at the same time. */
const atOnce = 50;

/** Opens chats with a customer and others in each; services need not be in a chat to hear it and to speak. */
export async function furnish(url: string, furniture: Furniture): Promise<Chat[]> {
  const { chats, membersPerChat, seats = 'members' } = furniture;
  await using service = connect({
    url,
    token: await signToken({ secret, sub: 'furnisher', role: 'service' }),
  });

  async function open(index: number): Promise<Chat> {
    const ids = Array.from({ length: membersPerChat }, (_, seat) => `member-${index}-${seat}`);
    const creator = seats === 'members' ? ids[0] : `customer-${index}`;
    const place = { room: `room-${index}`, source: 'bench' };
    const { chat } = await service.send('chats:create', { ...place, ...(creator && { creator }) });
    if (seats === 'members') {
      for (const userId of ids.slice(1)) {
        await service.send('chats:join', { chatId: chat.id, userId });
      }
    }
    const { cursor } = await service.send('chats:get', { chatId: chat.id });
    const members = await Promise.all(ids.map((sub) => admit(sub, seats)));
    return { id: chat.id, members, cursor };
  }

  const opened: Chat[] = [];
  while (opened.length < chats) {
    const count = Math.min(atOnce, chats - opened.length);
    const first = opened.length;
    opened.push(
      ...(await Promise.all(Array.from({ length: count }, (_, index) => open(first + index)))),
    );
  }
  return opened;
}

async function admit(sub: string, seats: 'members' | 'services'): Promise<Member> {
  const role = seats === 'services' ? 'service' : 'customer';
  return { token: await signToken({ secret, sub, role, name: 'Ann', ttl: 86_400 }) };
}
