import { createRequire } from 'node:module';

/** What of better-sqlite3's class is changed. */
interface Database {
  prototype: { pragma(source: string, options?: unknown): unknown };
}

/*
 * Preloaded into the server, it takes a promise of the store away: a commit is not on stable storage any more. A test of
 * power cuts that finds nothing lost then is no test.
 */
const requireOfServer = createRequire(import.meta.resolve('@parley/server'));
const { prototype }: Database = requireOfServer('better-sqlite3');
const { pragma } = prototype;
prototype.pragma = function weakened(source, options) {
  return pragma.call(this, source.replace('synchronous = FULL', 'synchronous = NORMAL'), options);
};
