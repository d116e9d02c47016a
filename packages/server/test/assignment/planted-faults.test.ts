import { afterEach, expect, test, vi } from 'vitest';

import type { Invariant } from './invariants.ts';
import type { RunOptions } from './run-sequences.ts';
import type * as Assigning from '../../src/chat/assignment.ts';
import type * as AssignmentTables from '../../src/tables/assignments.ts';
import type * as ChatLists from '../../src/tables/chat-lists.ts';
import type * as Deadlines from '../../src/chat/deadlines.ts';
import type * as Deciding from '../../src/chat/decision.ts';
import type * as Inviting from '../../src/chat/invitation.ts';
import type * as Lifecycle from '../../src/chat/lifecycle.ts';
import type * as ReplyTables from '../../src/tables/replies.ts';
import type * as Routing from '../../src/chat/routing.ts';

/** Within so many sequences a fault has to be found. */
const most = 2000;

// Each test has a server of its own, made of the faulty functions and, for the rest, of the true ones.
vi.setConfig({ testTimeout: 120_000 });
afterEach(() => {
  vi.doUnmock('../../src/chat/assignment.ts');
  vi.doUnmock('../../src/chat/deadlines.ts');
  vi.doUnmock('../../src/chat/decision.ts');
  vi.doUnmock('../../src/chat/invitation.ts');
  vi.doUnmock('../../src/chat/routing.ts');
  vi.doUnmock('../../src/tables/assignments.ts');
  vi.doUnmock('../../src/tables/chat-lists.ts');
  vi.doUnmock('../../src/tables/replies.ts');
});

/** How many sequences the faulty server is given until one shows that the invariant is broken; undefined when none does. */
async function sequencesUntil(
  invariant: Invariant,
  { restarts = false }: Partial<RunOptions> = {},
): Promise<number | undefined> {
  vi.resetModules();
  const { runSequences } = await import('./run-sequences.ts');
  let played = 0;
  for (let seed = 1; played < most; seed += 1) {
    const count = most - played;
    const run = { algorithm: 'least-busy', restarts, count, seed, shrinks: false };
    const result = await runSequences(run);
    played += result.count;
    const broken = result.failure?.error.violations.map((violation) => violation.invariant);
    if (broken?.includes(invariant)) return played;
  }
  return undefined;
}

test('a double invitation is found', async () => {
  vi.doMock('../../src/chat/invitation.ts', async (original) => {
    const { invite, ...rest } = await original<typeof Inviting>();
    const inviteTwo: (typeof Inviting)['invite'] = (decision, assignment, agent, attempt) => {
      invite(decision, assignment, agent, attempt);
      const other = [...decision.agents.values()].find(({ id, load }) => {
        return id !== agent.id && load === 0;
      });
      if (other && attempt === 2) invite(decision, assignment, other, attempt);
    };
    return { ...rest, invite: inviteTwo };
  });
  expect(await sequencesUntil('I1')).toBeDefined();
});

test('a capacity that is off by one is found', async () => {
  vi.doMock('../../src/chat/routing.ts', async (original) => {
    const { surveyAgents, ...rest } = await original<typeof Routing>();
    const surveyGenerously: (typeof Routing)['surveyAgents'] = (decision, tried) => {
      for (const agent of decision.agents.values()) agent.capacity += 1;
      const survey = surveyAgents(decision, tried);
      for (const agent of decision.agents.values()) agent.capacity -= 1;
      return survey;
    };
    return { ...rest, surveyAgents: surveyGenerously };
  });
  expect(await sequencesUntil('I3')).toBeDefined();
});

test('a silent end is found', async () => {
  vi.doMock('../../src/chat/decision.ts', async (original) => {
    const { occur, ...rest } = await original<typeof Deciding>();
    const occurOrNot: (typeof Deciding)['occur'] = (decision, event, data, to) => {
      const isSilent = event.name === 'forever:alone' && decision.by.id === 'system';
      if (!isSilent) occur(decision, event, data, to);
    };
    return { ...rest, occur: occurOrNot };
  });
  expect(await sequencesUntil('I4')).toBeDefined();
});

test('a second invitation of the same agent in one assignment is found', async () => {
  vi.doMock('../../src/chat/routing.ts', async (original) => {
    const { surveyAgents, ...rest } = await original<typeof Routing>();
    const surveyForgetfully: (typeof Routing)['surveyAgents'] = (decision) => {
      const chat = { ...decision.chat, avoid: {} };
      return surveyAgents({ ...decision, chat }, []);
    };
    return { ...rest, surveyAgents: surveyForgetfully };
  });
  expect(await sequencesUntil('I5')).toBeDefined();
});

test('a lost timer is found', async () => {
  vi.doMock('../../src/chat/deadlines.ts', async (original) => {
    const { nextDeadline, ...rest } = await original<typeof Deadlines>();
    const loseOne: (typeof Deadlines)['nextDeadline'] = (chat, settings) =>
      chat.invitation?.attempt === 2 ? undefined : nextDeadline(chat, settings);
    return { ...rest, nextDeadline: loseOne };
  });
  expect(await sequencesUntil('I9')).toBeDefined();
});

test('timers that do not survive a restart are found', async () => {
  vi.doMock('../../src/tables/chat-lists.ts', async (original) => {
    const earliestDeadline: (typeof ChatLists)['earliestDeadline'] = async () => undefined;
    return { ...(await original<typeof ChatLists>()), earliestDeadline };
  });
  expect(await sequencesUntil('I9', { restarts: true })).toBeDefined();
});

test('a late accept is found', async () => {
  vi.doMock('../../src/tables/assignments.ts', async (original) => {
    const { loadInvitation, ...rest } = await original<typeof AssignmentTables>();
    const loadAsPending: (typeof AssignmentTables)['loadInvitation'] = async (snapshot, id) => {
      const invitation = await loadInvitation(snapshot, id);
      return invitation?.state === 'expired' ? { ...invitation, state: 'pending' } : invitation;
    };
    return { ...rest, loadInvitation: loadAsPending };
  });
  vi.doMock('../../src/chat/assignment.ts', async (original) => {
    const { acceptInvitation, ...rest } = await original<typeof Assigning>();
    const { takeChat } = await vi.importActual<typeof Lifecycle>('../../src/chat/lifecycle.ts');
    const acceptLate: (typeof Assigning)['acceptInvitation'] = (decision, user) => {
      if (decision.chat.invitation) acceptInvitation(decision, user);
      else takeChat(decision, user);
    };
    return { ...rest, acceptInvitation: acceptLate };
  });
  expect(await sequencesUntil('I8')).toBeDefined();
});

test('starvation is found', async () => {
  vi.doMock('../../src/tables/chat-lists.ts', async (original) => {
    const chatsWantingAgent: (typeof ChatLists)['chatsWantingAgent'] = async () => [];
    return { ...(await original<typeof ChatLists>()), chatsWantingAgent };
  });
  expect(await sequencesUntil('I7')).toBeDefined();
});

test('a queue in which the youngest is first is found', async () => {
  vi.doMock('../../src/tables/chat-lists.ts', async (original) => {
    const { chatsWantingAgent, ...rest } = await original<typeof ChatLists>();
    const youngestFirst: (typeof ChatLists)['chatsWantingAgent'] = async (snapshot, room) =>
      (await chatsWantingAgent(snapshot, room, 1000)).toReversed();
    return { ...rest, chatsWantingAgent: youngestFirst };
  });
  expect(await sequencesUntil('I7')).toBeDefined();
});

test('a send that has its effect twice is found', async () => {
  vi.doMock('../../src/tables/replies.ts', async (original) => {
    const { openReplies, ...rest } = await original<typeof ReplyTables>();
    const openForgetful: (typeof ReplyTables)['openReplies'] = async (driver) => {
      return { ...(await openReplies(driver)), find: async () => undefined };
    };
    return { ...rest, openReplies: openForgetful };
  });
  expect(await sequencesUntil('keys')).toBeDefined();
});
