/** What can be wrong with a run. */
export type Fault =
  | 'acknowledged send lost'
  | 'doubled effect'
  | 'failed send in the log'
  | 'unknown send twice'
  | 'nobody sent it'
  | 'wrong data in the log'
  | 'reply names another place'
  | 'not ended once'
  | 'gap in the log'
  | 'gap in a chat'
  | 'order against time'
  | 'order of a client'
  | 'doubled delivery'
  | 'gap in a listener'
  | 'swapped delivery'
  | 'wrong data heard'
  | 'foreign chat heard'
  | 'heard what is not in the log'
  | 'started too late'
  | 'started too early';

export interface Finding {
  fault: Fault;
  /** What exactly, for who has to find the cause. */
  detail: string;
}
