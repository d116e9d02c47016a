import type { Status } from '@parley/client';
import { useEffect, useState } from 'react';

import type { AllEvents } from './connection.ts';

/** How the connection is, as it changes. */
export function useStatus(events: AllEvents | undefined): Status | undefined {
  const [status, setStatus] = useState<Status>();
  useEffect(() => {
    setStatus(events?.status);
    return events?.onStatus(setStatus);
  }, [events]);
  return status;
}
