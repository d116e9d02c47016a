import sessionRefresh from '@parley/contract/events/session-refresh';

import { defineHandler } from '../define-handler.ts';

/** Keys that sign tokens may have to be fetched, which others need not wait for. */
export default defineHandler(sessionRefresh, async ({ data, refreshSession }) => async () => ({
  expiresAt: new Date(await refreshSession(data.token)),
}));
