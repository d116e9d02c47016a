import type { Direction } from '../print-types.ts';
import type { EventRule } from './event-rules.ts';
import type { ShapeRule } from './shape-rules.ts';

/** How much a change asks of others: nothing, to move on in time, or to move with it. */
export type Verdict = 'compatible' | 'deprecating' | 'breaking';

/** One change of one event. */
export interface Change {
  event: string;
  /** `input` concerns who sends, `output` who gets replies and who listens. */
  direction: Direction;
  rule: ShapeRule | EventRule | 'deprecated';
  /** Where: `send.data.chatId`. */
  place: string;
  verdict: Verdict;
  /** What has changed and what follows, in one sentence. */
  why: string;
}
