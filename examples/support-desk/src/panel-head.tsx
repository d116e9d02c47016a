import type { ReactNode } from 'react';
import type { Status } from '@parley/client';

import type { Connection } from './connection.ts';
import { useNow } from './use-now.ts';
import { useStatus } from './use-status.ts';

export interface PanelHeadProps {
  title: string;
  connection: Connection | undefined;
  children?: ReactNode;
}

export function PanelHead({ title, connection, children }: PanelHeadProps) {
  const status = useStatus(connection?.client);
  return (
    <header className="panel-head">
      <h2>{title}</h2>
      {status ? <ConnectionStatus status={status} /> : null}
      {children}
    </header>
  );
}

function ConnectionStatus({ status }: { status: Status }) {
  return (
    <span className={`status ${status.state}`} role="status" aria-label="Connection">
      {status.state}
      {status.state === 'reconnecting' ? <NextTry at={status.nextTryAt} /> : null}
    </span>
  );
}

function NextTry({ at }: { at: Date }) {
  const seconds = Math.ceil((at.getTime() - useNow(250)) / 1000);
  // Read out each second, it would drown the rest of the page.
  return <span aria-hidden="true">{seconds > 0 ? `in ${seconds} s` : '…'}</span>;
}
