/** What agents and customers are like. Times are means. */
export interface Behaviour {
  /** How long an agent with nothing else to do takes to answer an invitation; after its end it is too late. */
  answerSeconds: number;
  /** How much longer each open chat makes the answer, as a share of `answerSeconds`. */
  slowdown: number;
  /** The share of invitations that agents let pass, and of those that they reject. */
  missRate: number;
  rejectRate: number;
  /** How long a chat takes once an agent has it. */
  handleMinutes: number;
  /** How long a customer waits for an agent before closing the page. */
  patienceMinutes: number;
  /** How long an agent stays away who was set away for missing invitations. */
  awayMinutes: number;
}

export const defaultBehaviour: Behaviour = {
  answerSeconds: 8,
  slowdown: 0.5,
  missRate: 0.1,
  rejectRate: 0.05,
  handleMinutes: 12,
  patienceMinutes: 10,
  awayMinutes: 5,
};
