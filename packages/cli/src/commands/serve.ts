import { flushCompileCache } from 'node:module';
import { resolve } from 'node:path';

import { serve, type Server, type ServeOptions } from '@parley/server';
import { defineCommand } from 'citty';
import { pino } from 'pino';

import {
  authSetting,
  defaults,
  parsePort,
  parseRetainDays,
  parseSocket,
} from '../environment-variables.ts';
import { UsageError } from '../failure.ts';
import { parseLimits } from '../parse-limits.ts';
import { loadExtensions } from '../load-config.ts';

/** The page that comes with Parley, once it is built. */
const examplePage = resolve(import.meta.dirname, '../../../../examples/support-desk/dist');

/** The page that sends and hears every event; where tokens are real it is nobody's business. */
const playgroundPage = resolve(import.meta.dirname, '../../../playground/dist');

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

export default defineCommand({
  meta: { name: 'serve', description: 'Starts the server.' },
  args: {
    port: { type: 'string', description: 'PARLEY_PORT; 4455 unless told, 0 for any free one' },
    host: { type: 'string', description: 'PARLEY_HOST; 127.0.0.1 unless told' },
    store: {
      type: 'string',
      description:
        'PARLEY_STORE; sqlite:<file> or sqlite::memory:, sqlite:./data/parley.db unless told',
    },
    page: { type: 'string', description: 'PARLEY_PAGE; the directory of the page to serve at /' },
  },
  async run({ args }) {
    const { env } = process;
    const level = env['PARLEY_LOG'] ?? 'info';
    if (!levels.includes(level)) {
      throw new UsageError(
        `${JSON.stringify(level)} is no log level. Set PARLEY_LOG to one of ${levels.join(', ')}.`,
      );
    }
    const { auth, developmentSecret } = authSetting(env);
    const extensions = await loadExtensions(process.cwd());
    const options: ServeOptions = {
      port: parsePort(args.port ?? env['PARLEY_PORT']),
      socket: parseSocket(env['PARLEY_SOCKET']),
      host: args.host ?? env['PARLEY_HOST'] ?? defaults.host,
      store: args.store ?? env['PARLEY_STORE'] ?? defaults.store,
      page: args.page ?? env['PARLEY_PAGE'] ?? examplePage,
      ...(env['NODE_ENV'] !== 'production' && { playground: playgroundPage }),
      origins: (env['PARLEY_ORIGINS'] ?? '').split(',').filter(Boolean),
      retainDays: parseRetainDays(env['PARLEY_RETAIN_DAYS']),
      limits: parseLimits(env['PARLEY_LIMITS']),
      auth,
      events: extensions.flatMap(({ events }) => events),
      handlers: extensions.flatMap(({ handlers }) => handlers),
      algorithms: extensions.flatMap(({ algorithms }) => algorithms),
      documents: extensions.flatMap(({ documents }) => documents),
      development: developmentSecret !== undefined,
      // Standard output is for the one line that says where the server listens.
      logger: pino({ level }, pino.destination({ dest: 2, sync: true })),
    };
    const server = await serve(options);
    stopOnSignal(server);
    process.stdout.write(`parley listening on ${server.url}\n`);
    const hints = [
      `Open ${server.address} in a browser, or ${server.address}/playground for every event.`,
    ];
    if (developmentSecret !== undefined) {
      hints.push(
        `Development: tokens are signed with the secret in ${developmentSecret}. Set PARLEY_JWT_SECRET in production.`,
      );
    }
    process.stderr.write(`${hints.join('\n')}\n`);
    // At the end it would be too late for a server that is killed.
    flushCompileCache();
  },
});

/** Stops in order at the first signal, at once at the second. */
function stopOnSignal(server: Server) {
  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(1);
    stopping = true;
    void server.close().then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}
