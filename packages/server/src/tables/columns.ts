import type { Row, Value } from '../log/log.ts';

/** Reads columns of a row in the type they were written in. */
export const text = (row: Row, column: string): string => String(row[column]);
export const integer = (row: Row, column: string): number => Number(row[column]);

export const optionalText = (row: Row, column: string): string | undefined => {
  const value = row[column];
  return value === null || value === undefined ? undefined : String(value);
};
export const optionalInteger = (row: Row, column: string): number | undefined => {
  const value = row[column];
  return value === null || value === undefined ? undefined : Number(value);
};

/** One of the texts that a column can hold: the very one, since each row brings a copy that would be kept with it. */
export function oneOf<Known extends string>(
  known: readonly Known[],
  row: Row,
  column: string,
): Known {
  const found = known.find((each) => each === row[column]);
  if (found === undefined) throw new Error(`The store has ${column} ${String(row[column])}.`);
  return found;
}

/** What is in a list of texts, which is bound as JSON. */
export const anyOf = '(SELECT value FROM json_each(?))';

/** The texts of one column by those of another one. */
export function listsOf(rows: readonly Row[], key: string, value: string): Map<string, string[]> {
  const lists = new Map<string, string[]>();
  for (const row of rows) {
    const list = lists.get(text(row, key));
    if (list) list.push(text(row, value));
    else lists.set(text(row, key), [text(row, value)]);
  }
  return lists;
}

/** The values of a row to write, by column; what is undefined is left empty. */
export type Columns = Record<string, Value | undefined>;

/** Writes a row, replacing what has the same key. */
export function upsert(table: string, key: readonly string[], columns: Columns) {
  const names = Object.keys(columns);
  const changed = names.filter((name) => !key.includes(name));
  const sql = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})
    ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${changed.map((name) => `${name} = excluded.${name}`).join(', ')}`;
  return [sql, ...names.map((name) => columns[name] ?? null)] as const;
}
