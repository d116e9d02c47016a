import type { Direction } from '../print-types.ts';

interface EventRuleDefinition {
  /** Whom it concerns: those who send, or those who get replies and hear. */
  direction: Direction;
  breaks: boolean;
  because: string;
}

/** The kinds of change around the shapes of an event. */
export type EventRule = keyof typeof eventRules;

const sent = (breaks: boolean, because: string): EventRuleDefinition => ({
  direction: 'input',
  breaks,
  because,
});

const heard = (breaks: boolean, because: string): EventRuleDefinition => ({
  direction: 'output',
  breaks,
  because,
});

export const eventRules = {
  'send-added': sent(false, 'nobody has sent it so far'),
  'send-removed': sent(true, 'whoever sends it is refused'),
  'send-renamed': sent(true, 'whoever sends it under the old name is refused'),
  'listen-added': heard(false, 'nobody has listened to it so far'),
  'listen-removed': heard(true, 'whoever listens to it waits in vain'),
  'listen-renamed': heard(true, 'whoever listens under the old name waits in vain'),
  'by-narrowed': sent(true, 'they are refused from now on'),
  'by-widened': sent(false, 'those who could send it still can'),
  'audience-narrowed': heard(true, 'they do not hear it any more'),
  'audience-widened': heard(false, 'those who heard it still do'),
  'made-durable': heard(true, 'occurrences come with a position, in another envelope'),
  'made-ephemeral': heard(true, 'whoever is away when it happens never hears of it'),
  'effect-strengthened': sent(false, 'what was sent once still takes effect once'),
  'effect-changed': sent(true, 'sending does something else than senders count on'),
  'queueable-added': sent(false, 'clients may keep it while they are offline'),
  'queueable-removed': sent(true, 'sending while offline fails at once'),
  'error-added': heard(true, 'senders may be refused with a code that they do not know'),
  'error-removed': heard(false, 'senders only wait for this code in vain'),
  'error-data-added': heard(false, 'senders pass over what they do not know'),
  'error-data-removed': heard(true, 'senders count on the data that came with the code'),
} satisfies Record<string, EventRuleDefinition>;
