import type { ChatActivity } from '@parley/client';

export interface WritingProps {
  name: string;
  type: ChatActivity['type'];
}

/** What another user does in the message field. The server ends it in time, so there is no timer here. */
export function Writing({ name, type }: WritingProps) {
  return (
    <>
      <span className={`dots ${type}`} aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {type === 'writing' ? `${name} is writing…` : `${name} has a draft`}
    </>
  );
}
