import { type Agent, isEventError } from '@parley/client';
import { useEffect, useState } from 'react';

import type { Connection } from '../connection.ts';
import { recall, remember } from '../remembered.ts';

export interface AgentInRouting {
  /** Undefined while not logged in to routing. */
  agent: Agent | undefined;
  /** Whether the server has said so. */
  isKnown: boolean;
}

/** Follows what routing knows of the agent, also when another tab or the server changes it. */
export function useAgent({ user, client }: Connection): AgentInRouting {
  const [agent, setAgent] = useState<Agent>();
  const [isKnown, setKnown] = useState(false);

  useEffect(() => {
    const statusKey = `${user.id} status`;

    function become(next: Agent | undefined) {
      remember(statusKey, next?.status);
      setAgent(next);
      setKnown(true);
    }

    /** To say the status again is the way to hear what the server knows of oneself. */
    async function restore() {
      const status = recall(statusKey) as Agent['status'] | undefined;
      if (!status) return become(undefined);
      try {
        const reply = await client.send('agents:status', { status });
        become(reply.agent);
      } catch (error) {
        if (isEventError(error, 'agents:status') && error.code === 'NOT_FOUND') become(undefined);
      }
    }

    const hear = ({ agent: heard }: { agent: Agent }) => {
      if (heard.id === user.id) become(heard);
    };
    const offs = [
      client.subscribe('agents:login', hear),
      client.subscribe('agents:status', hear),
      client.subscribe('agents:logout', ({ agent: { id } }) => {
        if (id === user.id) become(undefined);
      }),
      client.onStatus(({ state }) => {
        if (state === 'open') void restore();
      }),
    ];
    return () => {
      for (const off of offs) off();
    };
  }, [user, client]);

  return { agent, isKnown };
}
