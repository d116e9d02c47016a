import type { Model } from './model.ts';
import type { ModelChat } from './model-state.ts';
import type { LoggedOccurrence } from './occurrence.ts';
import { tellInvitation } from './telling-invitations.ts';
import { tellDecision } from './telling-routing.ts';

/** Lets the model take in one occurrence, and reports what must not be. */
export function tell(model: Model, occurrence: LoggedOccurrence): void {
  const { name, chatId, position, seq } = occurrence;
  if (position !== model.position + 1) {
    model.report('order', `position ${position} follows ${model.position}`);
  }
  model.position = position;
  if (name === 'chats:create') return create(model, occurrence);
  const chat = model.chats.get(chatId);
  if (!chat) return model.report('order', `${name} tells of ${chatId} before it is created`);
  if (seq !== chat.seq + 1) model.report('order', `seq ${seq} of ${chatId} follows ${chat.seq}`);
  chat.seq = seq;
  if (chat.status === 'closed') model.report('order', `${name} comes after ${chatId} closed`);
  switch (name) {
    case 'routing:decide':
    case 'chats:assign':
    case 'forever:alone':
      return tellDecision(model, chat, occurrence);
    case 'invitations:new':
    case 'invitations:accept':
    case 'invitations:reject':
    case 'invitations:expire':
      return tellInvitation(model, chat, occurrence);
    case 'chats:join':
      return join(model, chat, occurrence);
    case 'chats:leave':
      return leave(model, chat, occurrence);
    case 'chats:toinbox':
      return inbox(model, chat, occurrence);
    case 'chats:close':
      return close(model, chat, occurrence);
    case 'messages:new':
    case 'messages:read':
      return;
  }
}

type Told<Name extends LoggedOccurrence['name']> = Extract<LoggedOccurrence, { name: Name }>;

function create(model: Model, { seq, at, data: { chat } }: Told<'chats:create'>) {
  const earlier = [...model.chats.values()].filter(
    ({ customerId, owner }) => customerId === chat.customerId && owner !== undefined,
  );
  const newest = Math.max(...earlier.map(({ createdAt }) => createdAt));
  const previous = earlier.filter(({ createdAt }) => createdAt === newest);
  if (seq !== 1) model.report('order', `${chat.id} begins with seq ${seq}`);
  model.chats.set(chat.id, {
    id: chat.id,
    room: chat.room,
    lang: chat.lang,
    customerId: chat.customerId,
    createdAt: at,
    status: 'waiting',
    agents: new Set(),
    waitingSince: at,
    wantsAgent: false,
    avoid: new Map(),
    seq,
    ended: new Map(),
    previousAgents: new Set(previous.flatMap(({ owner }) => owner ?? [])),
  });
}

/** An agent in a chat owns it; on a transfer the one before leaves next. */
function join(model: Model, chat: ModelChat, { at, data: { user } }: Told<'chats:join'>) {
  if (user.role !== 'agent') return;
  const accepted = chat.taker === user.id;
  chat.taker = undefined;
  if (chat.assignment) {
    model.report('I4', `${user.id} takes ${chat.id} and its assignment does not end`);
  }
  if (chat.owner !== undefined && !accepted) {
    model.report('I2', `${user.id} joins ${chat.id}, which ${chat.owner} owns`);
  }
  freeOwner(model, chat, at);
  const agent = model.agents.get(user.id);
  const load = model.loadOf(user.id);
  if (agent && !accepted && load >= agent.capacity) {
    model.report('I3', `${user.id} takes ${chat.id} with ${load} of ${agent.capacity}`);
  }
  chat.agents.add(user.id);
  chat.owner = user.id;
  chat.ownedSince = at;
  chat.status = 'active';
  chat.wantsAgent = false;
}

function leave(model: Model, chat: ModelChat, { at, data: { user } }: Told<'chats:leave'>) {
  chat.agents.delete(user.id);
  if (user.id !== chat.owner) return;
  freeOwner(model, chat, at);
  chat.avoid.set(user.id, at + model.policyOf(chat).coolDown * 1000);
}

function freeOwner(model: Model, chat: ModelChat, at: number) {
  const agent = chat.owner === undefined ? undefined : model.agents.get(chat.owner);
  if (agent) agent.lastClosedAt = at;
  chat.owner = undefined;
  chat.ownedSince = undefined;
}

function inbox(model: Model, chat: ModelChat, { at, data }: Told<'chats:toinbox'>) {
  const { room, reason } = data;
  const { autoRetry, onOwnerLost } = model.policyOf(chat);
  if (chat.owner !== undefined) {
    model.report('I2', `${chat.id} is queued and ${chat.owner} still owns it`);
  }
  if (reason === 'sent') withdraw(model, chat, at);
  chat.room = room;
  chat.status = 'waiting';
  chat.waitingSince = at;
  const stays = reason === 'sent' || (reason === 'agent-lost' && onOwnerLost === 'queue');
  chat.wantsAgent = autoRetry && !stays && !chat.assignment;
}

function close(model: Model, chat: ModelChat, { at, data }: Told<'chats:close'>) {
  withdraw(model, chat, at);
  const { owner, ownedSince } = chat;
  if (data.reason === 'abandoned') {
    const { customerGrace } = model.policyOf(chat);
    const lostAt = model.lostAt(chat.customerId);
    if (chat.status !== 'waiting' || lostAt === undefined || lostAt + customerGrace * 1000 > at) {
      model.report('graces', `${chat.id} is abandoned although its customer is not lost`);
    }
  }
  freeOwner(model, chat, at);
  Object.assign(chat, { owner, ownedSince, status: 'closed', wantsAgent: false });
}

/** Whoever is invited has been told before; an assignment still being thought about ends with the occurrence itself. */
function withdraw(model: Model, chat: ModelChat, at: number) {
  model.adoptAssignment(chat, 'withdrawn', at);
  if (chat.invitation) {
    model.report('I4', `${chat.id} moves on and ${chat.invitation.agentId} is still invited`);
  }
  model.endAssignment(chat, 'withdrawn');
}
