import type { Status } from '@parley/client';
import { useEffect, useState } from 'react';

import type { Client } from './connection.ts';

/** How the connection is, as it changes. */
export function useStatus(client: Client | undefined): Status | undefined {
  const [status, setStatus] = useState<Status>();
  useEffect(() => {
    setStatus(client?.status);
    return client?.onStatus(setStatus);
  }, [client]);
  return status;
}
