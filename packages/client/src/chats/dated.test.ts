import { expect, it } from 'vitest';

import { Dated } from './dated.ts';

it('what is older never replaces what is newer', () => {
  const status = new Dated('waiting', 4);
  status.set('closed', 9);
  status.set('active', 7);
  expect(status.value).toBe('closed');
  status.set('active', 10);
  expect(status.value).toBe('active');
});
