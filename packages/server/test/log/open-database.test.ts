import fc from 'fast-check';
import { expect, test } from 'vitest';

import { openDatabase } from '../../src/log/open-database.ts';
import { runsOf } from '../../src/log/runs.ts';

const insertPlace = 'INSERT INTO place (name, visits) VALUES (?, ?)';
const upsert = `${insertPlace}
  ON CONFLICT (name) DO UPDATE SET visits = visits + excluded.visits`;
const ignore = `${insertPlace} ON CONFLICT (name) DO NOTHING`;
const update = 'UPDATE place SET visits = visits * 2 WHERE name <> ? AND visits < ?';
const note = 'INSERT INTO note (text) VALUES (?)';

const anyName = fc.integer({ min: 0, max: 9 }).map((number) => `p_${number}`);
const anyStatement = fc.oneof(
  fc.record({
    sql: fc.constantFrom(upsert, ignore, update),
    values: fc.tuple(anyName, fc.integer({ min: 1, max: 5 })),
  }),
  fc.record({ sql: fc.constant(note), values: fc.tuple(anyName) }),
  fc.constant({ sql: 'DELETE FROM note', values: [] }),
);
/** Many of one kind follow one another. */
const anyStatements = fc
  .array(
    fc
      .tuple(anyStatement, fc.integer({ min: 1, max: 20 }))
      .map(([statement, times]) => Array.from({ length: times }, () => statement)),
  )
  .map((runs) => runs.flat());

function open() {
  const opened = openDatabase(':memory:');
  opened.database.exec('CREATE TABLE place (name TEXT PRIMARY KEY, visits INTEGER)');
  opened.database.exec('CREATE TABLE note (number INTEGER PRIMARY KEY, text TEXT)');
  const all = () => [
    opened.prepare('SELECT * FROM place ORDER BY name').all(),
    opened.prepare('SELECT * FROM note ORDER BY number').all(),
  ];
  return { ...opened, all };
}

test('statements run together leave what they leave one after the other', () => {
  fc.assert(
    fc.property(anyStatements, (statements) => {
      const together = open();
      const alone = open();
      together.runAll(runsOf(statements));
      for (const statement of statements) alone.runAll(runsOf([statement]));
      expect(together.all()).toEqual(alone.all());
      together.database.close();
      alone.database.close();
    }),
  );
});

test('a row that is refused among many fails with its own code', () => {
  const { runAll } = open();
  const rows = Array.from({ length: 12 }, (_, index) => ({
    sql: insertPlace,
    values: [`p_${index % 6}`, 1],
  }));
  expect(() => runAll(runsOf(rows))).toThrow(
    expect.objectContaining({ code: 'SQLITE_CONSTRAINT_PRIMARYKEY' }),
  );
});
