/** The laws of assignment as 3-events.md numbers them, and what else the log and the rows have to be true to. */
export const invariants = {
  I1: 'one pending invitation per chat',
  I2: 'one owner',
  I3: 'load never exceeds capacity',
  I4: 'an assignment ends exactly once, with exactly one end occurrence',
  I5: 'nobody is invited twice in one assignment',
  I6: 'an assignment ends by its deadline',
  I7: 'no chat waits longer than one tick while an eligible agent exists, oldest first',
  I8: 'of two accepts one wins, and a late one does not',
  I9: 'timers survive restarts, and a late timer changes nothing',
  choice:
    'routing considers everybody, tells the truth of each, and chooses as the algorithm is defined',
  graces: 'a lost customer, owner or invited agent is waited for as long as the room says',
  order: 'positions have no gap, nor has seq within a chat',
  rows: 'the tables say what the log tells',
  keys: 'a send under a used key gets its first reply and does nothing',
  faults: 'nothing fails inside',
} as const;

export type Invariant = keyof typeof invariants;

export interface Violation {
  invariant: Invariant;
  message: string;
}

/** A sequence after which an invariant does not hold. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
  readonly violations: readonly Violation[];

  constructor(violations: readonly Violation[], story: readonly string[]) {
    const lines = violations.map(
      ({ invariant, message }) => `${invariant} (${invariants[invariant]}): ${message}`,
    );
    super([...lines, '', ...story].join('\n'));
    this.violations = violations;
  }
}
