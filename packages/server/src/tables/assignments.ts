import type { Assignment, Invitation } from '../chat/state.ts';
import type { Snapshot, Transaction } from '../log/log.ts';
import { integer, optionalInteger, optionalText, text, upsert } from './columns.ts';

export async function loadAssignment(
  snapshot: Snapshot,
  id: string,
): Promise<Assignment | undefined> {
  const row = await snapshot.first('SELECT * FROM assignment WHERE id = ?', id);
  return (
    row && {
      id,
      chatId: text(row, 'chat_id'),
      algorithm: text(row, 'algorithm'),
      maxAttempts: integer(row, 'max_attempts'),
      interval: integer(row, 'interval'),
      attempts: integer(row, 'attempts'),
      tried: JSON.parse(text(row, 'tried')),
      startedAt: integer(row, 'started_at'),
      deadline: integer(row, 'deadline'),
      pickBy: optionalInteger(row, 'pick_by'),
      state: text(row, 'state') as Assignment['state'],
    }
  );
}

export function saveAssignment(transaction: Transaction, assignment: Assignment): void {
  transaction.putOff(
    assignment.id,
    ...upsert('assignment', ['id'], {
      id: assignment.id,
      chat_id: assignment.chatId,
      algorithm: assignment.algorithm,
      max_attempts: assignment.maxAttempts,
      interval: assignment.interval,
      attempts: assignment.attempts,
      tried: JSON.stringify(assignment.tried),
      started_at: assignment.startedAt,
      deadline: assignment.deadline,
      pick_by: assignment.pickBy,
      state: assignment.state,
    }),
  );
}

export async function loadInvitation(
  snapshot: Snapshot,
  id: string,
): Promise<Invitation | undefined> {
  const row = await snapshot.first('SELECT * FROM invitation WHERE id = ?', id);
  return (
    row && {
      id,
      chatId: text(row, 'chat_id'),
      assignmentId: text(row, 'assignment_id'),
      agentId: text(row, 'agent_id'),
      attempt: integer(row, 'attempt'),
      createdAt: integer(row, 'created_at'),
      expiresAt: integer(row, 'expires_at'),
      agentLostAt: optionalInteger(row, 'agent_lost_at'),
      state: text(row, 'state') as Invitation['state'],
      reason: optionalText(row, 'reason'),
      endedAt: optionalInteger(row, 'ended_at'),
    }
  );
}

export function saveInvitation(transaction: Transaction, invitation: Invitation): void {
  transaction.putOff(
    invitation.id,
    ...upsert('invitation', ['id'], {
      id: invitation.id,
      chat_id: invitation.chatId,
      assignment_id: invitation.assignmentId,
      agent_id: invitation.agentId,
      attempt: invitation.attempt,
      created_at: invitation.createdAt,
      expires_at: invitation.expiresAt,
      agent_lost_at: invitation.agentLostAt,
      state: invitation.state,
      reason: invitation.reason,
      ended_at: invitation.endedAt,
    }),
  );
}
