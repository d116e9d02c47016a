import { roles } from '@parley/contract';

import { memberOf } from '../chat/lifecycle.ts';
import type { ChatState, Member } from '../chat/state.ts';
import type { Row, Snapshot, Transaction, Value } from '../log/log.ts';
import { loadAssignment, loadInvitation } from './assignments.ts';
import { anyOf, integer, oneOf, optionalInteger, optionalText, text, upsert } from './columns.ts';

/**
 * The whole state of a chat: its row, members, running assignment and pending invitation. It is shared with whoever else
 * loads it: to change it, decide about a copy.
 */
export function loadChat(
  transaction: Transaction,
  chatId: string,
): Readonly<ChatState> | Promise<Readonly<ChatState> | undefined> {
  // What is remembered under a chat's id is always its state.
  const remembered = transaction.recall(chatId) as ChatState | undefined;
  return remembered ?? readAndRemember(transaction, chatId);
}

async function readAndRemember(transaction: Transaction, chatId: string) {
  const chat = await readChat(transaction, chatId);
  if (chat) transaction.remember(chatId, chat);
  return chat;
}

/** Reads those of these chats that are not remembered, all together, so that to load them reads no more. */
export async function rememberChats(
  transaction: Transaction,
  chatIds: readonly string[],
): Promise<void> {
  const unknown = chatIds.filter((chatId) => !transaction.recall(chatId));
  if (unknown.length === 0) return;
  const bound = JSON.stringify(unknown);
  const rows = await transaction.all(`SELECT * FROM chat WHERE id IN ${anyOf}`, bound);
  const memberships = await transaction.all(
    `SELECT * FROM membership WHERE chat_id IN ${anyOf} ORDER BY joined_at, user_id`,
    bound,
  );
  const membershipsOf = Map.groupBy(memberships, (each) => text(each, 'chat_id'));
  for (const row of rows) {
    const chat = await toState(transaction, row, membershipsOf.get(text(row, 'id')) ?? []);
    transaction.remember(chat.id, chat);
  }
}

async function readChat(snapshot: Snapshot, chatId: string): Promise<ChatState | undefined> {
  const row = await snapshot.first('SELECT * FROM chat WHERE id = ?', chatId);
  if (!row) return undefined;
  const memberships = await snapshot.all(
    'SELECT * FROM membership WHERE chat_id = ? ORDER BY joined_at, user_id',
    chatId,
  );
  return toState(snapshot, row, memberships);
}

async function toState(
  snapshot: Snapshot,
  row: Row,
  memberships: readonly Row[],
): Promise<ChatState> {
  const assignmentId = optionalText(row, 'assignment_id');
  const invitationId = optionalText(row, 'invitation_id');
  return {
    ...toChat(row),
    members: memberships.filter((each) => each['left_seq'] === null).map(toMember),
    formerMarks: Object.fromEntries(
      memberships
        .filter((each) => each['left_seq'] !== null)
        .map((each) => [text(each, 'user_id'), integer(each, 'read_seq')]),
    ),
    assignment:
      assignmentId === undefined ? undefined : await loadAssignment(snapshot, assignmentId),
    invitation:
      invitationId === undefined ? undefined : await loadInvitation(snapshot, invitationId),
  };
}

type ChatRow = Omit<ChatState, 'members' | 'formerMarks' | 'assignment' | 'invitation'>;

function toChat(row: Row): ChatRow {
  const extraData = optionalText(row, 'extra_data');
  return {
    id: text(row, 'id'),
    room: text(row, 'room'),
    source: text(row, 'source'),
    lang: optionalText(row, 'lang'),
    status: text(row, 'status') as ChatState['status'],
    customerId: text(row, 'customer_id'),
    agentId: optionalText(row, 'agent_id'),
    createdAt: integer(row, 'created_at'),
    waitingSince: integer(row, 'waiting_since'),
    activeSince: optionalInteger(row, 'active_since'),
    closedAt: optionalInteger(row, 'closed_at'),
    closeReason: optionalText(row, 'close_reason'),
    extraData: extraData === undefined ? undefined : JSON.parse(extraData),
    seq: integer(row, 'seq'),
    firstSeq: integer(row, 'first_seq'),
    wantsAgent: integer(row, 'wants_agent') === 1,
    avoid: JSON.parse(text(row, 'avoid')),
    agentLostAt: optionalInteger(row, 'agent_lost_at'),
    customerLostAt: optionalInteger(row, 'customer_lost_at'),
    lastMessageAt: optionalInteger(row, 'last_message_at'),
    previousAgentId: optionalText(row, 'previous_agent_id'),
    preview: optionalText(row, 'preview'),
  };
}

type Column = [name: string, valueOf: (chat: ChatState) => Value | undefined];

/** What a message changes of a chat's row. It is written together, so that of many messages in a group only the last is. */
const columnsOfMessages: readonly Column[] = [
  ['seq', ({ seq }) => seq],
  ['last_message_at', ({ lastMessageAt }) => lastMessageAt],
  ['preview', ({ preview }) => preview],
];
const updateByMessage = 'UPDATE chat SET seq = ?, last_message_at = ?, preview = ? WHERE id = ?';

/** The rest of the row: each column and what of the state it holds. The next deadline is beside them. */
const columns: readonly Column[] = [
  ['id', ({ id }) => id],
  ['room', ({ room }) => room],
  ['source', ({ source }) => source],
  ['lang', ({ lang }) => lang],
  ['status', ({ status }) => status],
  ['customer_id', ({ customerId }) => customerId],
  ['agent_id', ({ agentId }) => agentId],
  ['created_at', ({ createdAt }) => createdAt],
  ['waiting_since', ({ waitingSince }) => waitingSince],
  ['active_since', ({ activeSince }) => activeSince],
  ['closed_at', ({ closedAt }) => closedAt],
  ['close_reason', ({ closeReason }) => closeReason],
  ['extra_data', ({ extraData }) => extraData && JSON.stringify(extraData)],
  ['first_seq', ({ firstSeq }) => firstSeq],
  ['wants_agent', ({ wantsAgent }) => Number(wantsAgent)],
  ['avoid', ({ avoid }) => JSON.stringify(avoid)],
  ['agent_lost_at', ({ agentLostAt }) => agentLostAt],
  ['customer_lost_at', ({ customerLostAt }) => customerLostAt],
  ['previous_agent_id', ({ previousAgentId }) => previousAgentId],
  ['assignment_id', ({ assignment }) => assignment?.id],
  ['invitation_id', ({ invitation }) => invitation?.id],
];

/** A chat to keep, and when something happens to it next. */
export interface KeptChat {
  chat: Readonly<ChatState>;
  dueAt: number | undefined;
}

/** Writes what differs from the state that was loaded. */
export function saveChat(
  transaction: Transaction,
  before: KeptChat | undefined,
  after: KeptChat,
): void {
  const { chat } = after;
  transaction.remember(chat.id, chat);
  saveRow(transaction, before, after);
  for (const member of chat.members) {
    const known = before && memberOf(before.chat, member.userId);
    if (!known || !isSameMember(member, known)) saveMember(transaction, chat.id, member);
  }
  for (const known of before?.chat.members ?? []) {
    if (!memberOf(chat, known.userId)) saveMember(transaction, chat.id, known, chat.seq);
  }
}

function saveRow(transaction: Transaction, before: KeptChat | undefined, after: KeptChat) {
  const { chat, dueAt = null } = after;
  if (!before) {
    const all = [...columns, ...columnsOfMessages];
    const names = all.map(([name]) => `${name}, `).join('');
    const sql = `INSERT INTO chat (${names}due_at) VALUES (${'?, '.repeat(all.length)}?)`;
    transaction.putOff(undefined, sql, ...all.map(([, valueOf]) => valueOf(chat) ?? null), dueAt);
    return;
  }
  if (!isSameButForMessages(before, after)) saveChanges(transaction, before, after);
  if (!hasSameMessages(before.chat, chat)) {
    const { id, seq, lastMessageAt = null, preview = null } = chat;
    transaction.putOff(`message ${id}`, updateByMessage, seq, lastMessageAt, preview, id);
  }
}

function saveChanges(transaction: Transaction, before: KeptChat, { chat, dueAt }: KeptChat) {
  let changes = '';
  const values: Value[] = [];
  for (const [name, valueOf] of columns) {
    const value = valueOf(chat);
    if (valueOf(before.chat) === value) continue;
    changes += `, ${name} = ?`;
    values.push(value ?? null);
  }
  if (before.dueAt !== dueAt) {
    changes += ', due_at = ?';
    values.push(dueAt ?? null);
  }
  if (changes === '') return;
  const sql = `UPDATE chat SET ${changes.slice(2)} WHERE id = ?`;
  transaction.putOff(sql + chat.id, sql, ...values, chat.id);
}

/** What a message changes of the row. */
function hasSameMessages(left: ChatState, right: ChatState): boolean {
  return (
    left.seq === right.seq &&
    left.lastMessageAt === right.lastMessageAt &&
    left.preview === right.preview
  );
}

/** Whether the rest of the row is the same, as most messages leave it; to ask each column for its value takes far longer. */
function isSameButForMessages(
  { chat: left, dueAt: leftDueAt }: KeptChat,
  { chat: right, dueAt: rightDueAt }: KeptChat,
): boolean {
  return (
    leftDueAt === rightDueAt &&
    left.room === right.room &&
    left.source === right.source &&
    left.lang === right.lang &&
    left.status === right.status &&
    left.customerId === right.customerId &&
    left.agentId === right.agentId &&
    left.createdAt === right.createdAt &&
    left.waitingSince === right.waitingSince &&
    left.activeSince === right.activeSince &&
    left.closedAt === right.closedAt &&
    left.closeReason === right.closeReason &&
    left.extraData === right.extraData &&
    left.firstSeq === right.firstSeq &&
    left.wantsAgent === right.wantsAgent &&
    areNone(left.avoid) &&
    areNone(right.avoid) &&
    left.agentLostAt === right.agentLostAt &&
    left.customerLostAt === right.customerLostAt &&
    left.previousAgentId === right.previousAgentId &&
    left.assignment?.id === right.assignment?.id &&
    left.invitation?.id === right.invitation?.id
  );
}

function areNone(avoid: ChatState['avoid']): boolean {
  for (const _ in avoid) return false;
  return true;
}

function isSameMember(left: Member, right: Member): boolean {
  return (
    left.readSeq === right.readSeq &&
    left.joinedAt === right.joinedAt &&
    left.as === right.as &&
    left.role === right.role &&
    left.name === right.name
  );
}

function saveMember(transaction: Transaction, chatId: string, member: Member, leftSeq?: number) {
  transaction.putOff(
    `member ${chatId} ${member.userId}`,
    ...upsert('membership', ['chat_id', 'user_id'], {
      chat_id: chatId,
      user_id: member.userId,
      name: member.name,
      role: member.role,
      kind: member.as,
      joined_at: member.joinedAt,
      read_seq: member.readSeq,
      left_seq: leftSeq,
    }),
  );
}

const kinds: readonly Member['as'][] = ['member', 'watcher'];

function toMember(row: Row): Member {
  return {
    userId: text(row, 'user_id'),
    name: optionalText(row, 'name'),
    role: oneOf(roles, row, 'role'),
    as: oneOf(kinds, row, 'kind'),
    joinedAt: integer(row, 'joined_at'),
    readSeq: integer(row, 'read_seq'),
  };
}

/** The seq for an occurrence that no decision about the chat makes. */
export async function nextSeq(transaction: Transaction, chatId: string): Promise<number> {
  const chat = await loadChat(transaction, chatId);
  if (!chat) throw new Error(`There is no chat ${chatId}.`);
  const seq = chat.seq + 1;
  transaction.remember(chatId, { ...chat, seq });
  transaction.putOff(`seq ${chatId}`, 'UPDATE chat SET seq = ? WHERE id = ?', seq, chatId);
  return seq;
}
