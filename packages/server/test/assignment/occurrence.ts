import type { Actor, ListenEvents } from '@parley/contract';

/** What JSON makes of data: dates are text. */
type Written<Data> = Data extends Date
  ? string
  : Data extends (infer Item)[]
    ? Written<Item>[]
    : Data extends object
      ? { [Key in keyof Data]: Written<Data[Key]> }
      : Data;

type DurableName =
  | 'chats:create'
  | 'chats:assign'
  | 'chats:join'
  | 'chats:leave'
  | 'chats:close'
  | 'chats:toinbox'
  | 'invitations:new'
  | 'invitations:accept'
  | 'invitations:reject'
  | 'invitations:expire'
  | 'forever:alone'
  | 'messages:new'
  | 'messages:read'
  | 'routing:decide';

/** An occurrence as the log has it. */
export type LoggedOccurrence = {
  [Name in DurableName]: {
    name: Name;
    position: number;
    chatId: string;
    seq: number;
    at: number;
    by: Actor['id'];
    cause: string | null;
    data: Written<ListenEvents[Name]['data']>;
  };
}[DurableName];
