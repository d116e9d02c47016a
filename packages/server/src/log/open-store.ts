import type { Driver } from './driver.ts';
import { openSqlite, StoreError } from './sqlite.ts';

/** Opens the store an address names: `sqlite:<file>` or `sqlite::memory:`. */
export function openStore(address: string): Driver {
  const [scheme, ...rest] = address.split(':');
  const place = rest.join(':');
  if (scheme === 'sqlite' && place !== '') return openSqlite(place);
  throw new StoreError(
    `There is no store for ${JSON.stringify(address)}. Use sqlite:<file>, such as sqlite:./data/parley.db, or sqlite::memory:.`,
  );
}
