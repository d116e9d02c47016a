import { isEventError } from '@parley/client';
import { useState } from 'react';

import type { Identity } from '../identities/identity.ts';

/** What became of a send. */
export type Outcome =
  | { readonly state: 'sent'; readonly by: Identity }
  | {
      readonly state: 'replied';
      readonly by: Identity;
      readonly reply: unknown;
      readonly milliseconds: number;
    }
  | {
      readonly state: 'refused';
      readonly by: Identity;
      readonly code: string;
      readonly message: string;
      readonly data: unknown;
      readonly retryable: boolean;
      readonly milliseconds: number;
    };

/** Sends an event, and keeps what became of the newest send. */
export function useSend(onLearn: (value: unknown) => void) {
  const [outcome, setOutcome] = useState<Outcome>();

  async function send(by: Identity, name: string, data: unknown) {
    setOutcome({ state: 'sent', by });
    const sentAt = performance.now();
    const took = () => performance.now() - sentAt;
    try {
      const reply = await by.send(name, data);
      setOutcome({ state: 'replied', by, reply, milliseconds: took() });
      onLearn(reply);
    } catch (error) {
      const isTyped = isEventError(error);
      setOutcome({
        state: 'refused',
        by,
        code: isTyped ? error.code : 'ERROR',
        message: error instanceof Error ? error.message : String(error),
        data: isTyped ? error.data : undefined,
        retryable: isTyped && error.retryable,
        milliseconds: took(),
      });
      if (isTyped) onLearn(error.data);
    }
  }

  return { outcome, send };
}
