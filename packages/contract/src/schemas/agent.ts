import * as z from 'zod';

import { count, id, label } from './bounds.ts';
import { Lang, RoomName } from './room.ts';
import { UserId } from './user.ts';

export const AssignmentId = id();
export const InvitationId = id();

/** The name of a way to pick an agent, such as `least-busy` or a team's `acme.vip`. */
export const AlgorithmName = label(64);

export const Capacity = z.number().int().min(1).max(100);

/** An agent in routing. */
export const Agent = z
  .strictObject({
    id: UserId,
    name: label().optional(),
    rooms: z.array(RoomName),
    langs: z.array(Lang),
    capacity: Capacity,
    load: count().describe('Owned open chats and pending invitations.'),
    status: z.enum(['available', 'away']),
    reason: label(64).optional().describe('Why the agent is away.'),
  })
  .meta({ id: 'Agent' });

/** A user by id and the name to show. */
export const UserName = z
  .strictObject({ id: UserId, name: label().optional() })
  .meta({ id: 'UserName' });

/** What routing thought of one agent. */
export const Consideration = z
  .strictObject({
    agentId: UserId,
    verdict: z.enum([
      'chosen',
      'eligible',
      'offline',
      'away',
      'at-capacity',
      'other-language',
      'tried',
      'missed-recently',
      'owner',
    ]),
  })
  .meta({ id: 'Consideration' });

/** What an invited agent sees of the chat before taking it. */
export const InvitationPreview = z
  .strictObject({
    room: RoomName,
    source: label(64),
    lang: Lang.optional(),
    customer: UserName,
    message: z.string().max(200).optional().describe("The start of the customer's newest message."),
  })
  .meta({ id: 'InvitationPreview' });
