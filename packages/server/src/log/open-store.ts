import type { Driver } from './driver.ts';
import { openSqlite, type SqliteOptions, StoreError } from './sqlite.ts';

/** Opens the store an address names: `sqlite:<file>` or `sqlite::memory:`. */
export function openStore(address: string, options?: SqliteOptions): Driver {
  const [scheme, ...rest] = address.split(':');
  const place = rest.join(':');
  if (scheme === 'sqlite' && place !== '') return openSqlite(place, options);
  throw new StoreError(
    `There is no store for ${JSON.stringify(address)}. Use sqlite:<file>, such as sqlite:./data/parley.db, or sqlite::memory:.`,
  );
}
