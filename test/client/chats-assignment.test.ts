import { describe, expect, it } from 'vitest';

import { createChat, startChat, startDesk } from './chats-desk.ts';

/** Ann's chat as a supervisor sees it, and two agents who can be asked. */
async function startAsking() {
  await using opened = new AsyncDisposableStack();
  const desk = opened.use(await startDesk());
  const [bob, carol] = [await desk.agent('bob'), await desk.agent('carol')];
  const [ann, sue] = [await desk.customer('ann'), await desk.supervisor('sue')];
  const annsChat = await createChat(ann);
  const chat = await sue.chats.open(annsChat.id);
  const kept = opened.move();
  const agents = { bob, carol };
  const ask = async ({ maxAttempts = 2 } = {}) => {
    const invited = Object.values(agents).map(({ client }) => client.once('invitations:new'));
    const searching = annsChat.searchAgent({ maxAttempts, interval: 60 });
    const { invitationId } = await Promise.race(invited);
    await expect.poll(() => chat.assignment?.agent).toBeDefined();
    return { searching, invitationId };
  };
  /** Who is asked now. */
  const asked = () => agents[chat.assignment?.agent?.id === 'bob' ? 'bob' : 'carol'];
  return {
    ...{ desk, ann, sue, annsChat, chat, ask, asked },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

describe('assignment', () => {
  it('is none before somebody looks for an agent', async () => {
    await using asking = await startAsking();
    expect([asking.annsChat.assignment, asking.chat.assignment]).toEqual([undefined, undefined]);
  });

  it('tells who is asked, for how long and how often, until somebody accepts', async () => {
    await using asking = await startAsking();
    const { sue, annsChat, chat, ask, asked } = asking;
    const { searching, invitationId } = await ask();
    const { assignment } = chat;
    expect(assignment).toEqual({
      assignmentId: expect.any(String),
      attempt: 1,
      maxAttempts: 2,
      agent: { id: asked().id, name: expect.any(String) },
      deadline: expect.any(Date),
    });
    const first = asked();
    await first.client.send('invitations:reject', { invitationId });
    await expect.poll(() => chat.assignment?.attempt).toBe(2);
    expect(chat.assignment).toMatchObject({ ...assignment, attempt: 2, agent: { id: asked().id } });
    expect(asked()).not.toBe(first);
    await asked().client.send('chats:join', { chatId: chat.id });
    await searching;
    await sue.caughtUp();
    expect([chat.assignment, annsChat.assignment]).toEqual([undefined, undefined]);
  });

  it('is over when nobody accepts', async () => {
    await using asking = await startAsking();
    const { chat, ask, asked } = asking;
    const { searching, invitationId } = await ask({ maxAttempts: 1 });
    // The other agent is asked after that, without anybody's wish.
    const over: unknown[] = [];
    chat.on('forever:alone', () => over.push(chat.assignment));
    await asked().client.send('invitations:reject', { invitationId });
    expect(await searching).toEqual({ agent: null, reason: 'attempts-exhausted' });
    await expect.poll(() => over).toEqual([undefined]);
  });

  it.each([
    ['closed', 'chats:close'],
    ['sent to a queue', 'chats:toinbox'],
  ] as const)('is over when the chat is %s', async (_how, name) => {
    await using asking = await startAsking();
    const { sue, annsChat, chat, ask } = asking;
    const { searching } = await ask();
    await expect.poll(() => annsChat.assignment).toBeDefined();
    await sue.client.send(name, { chatId: chat.id });
    await searching;
    await expect.poll(() => chat.assignment).toBeUndefined();
    await expect.poll(() => annsChat.assignment).toBeUndefined();
  });

  it('is known to the customer who began it, without the agent', async () => {
    await using asking = await startAsking();
    const { annsChat, chat, ask } = asking;
    await ask();
    await expect.poll(() => annsChat.assignment).toBeDefined();
    const { assignmentId, deadline } = chat.assignment ?? {};
    expect(annsChat.assignment).toEqual({ assignmentId, deadline });
  });

  it('is known when the chat is opened, and after a lost connection', async () => {
    await using asking = await startAsking();
    const { desk, sue, annsChat, chat, ask } = asking;
    sue.line.cut();
    await expect.poll(() => sue.client.status.state).toBe('reconnecting');
    const asked = ask();
    await expect.poll(() => annsChat.assignment).toBeDefined();
    const phone = await desk.supervisor('sue');
    const { assignment } = await phone.chats.open(chat.id);
    expect(assignment).toEqual(annsChat.assignment);
    sue.line.mend();
    await expect.poll(() => chat.assignment).toMatchObject({ ...assignment, attempt: 1 });
    await asked;
  });

  it('of an active chat is a transfer, which its owner sees', async () => {
    await using desk = await startDesk();
    const { bobsChat } = await startChat(desk);
    const carol = await desk.agent('carol');
    const invited = carol.client.once('invitations:new');
    const searching = bobsChat.searchAgent();
    const { invitationId } = await invited;
    await expect.poll(() => bobsChat.assignment).toMatchObject({ agent: { id: 'carol' } });
    expect(bobsChat.agentId).toBe('bob');
    await carol.client.send('invitations:reject', { invitationId });
    await searching;
    await expect.poll(() => bobsChat.assignment).toBeUndefined();
  });
});
