import { connect } from '@parley/client';
import { defineCommand } from 'citty';

import { serverUrl } from '../environment-variables.ts';
import { CommandError, UsageError } from '../failure.ts';

export default defineCommand({
  meta: { name: 'listen', description: 'Prints what is heard, one JSON occurrence per line.' },
  args: {
    event: { type: 'positional', required: true, description: 'One or more, such as messages:new' },
    token: { type: 'string', required: true, description: 'A token, see parley token' },
    since: { type: 'string', description: 'Start after this position; 0 is the beginning' },
    url: { type: 'string', description: 'PARLEY_URL; ws://127.0.0.1:4455/events unless told' },
  },
  async run({ args }) {
    const { token, since } = args;
    if (since !== undefined && !/^\d+$/.test(since))
      throw new UsageError('--since is a position, such as 120.');
    const url = serverUrl(args.url, process.env);
    const cursor = since === undefined ? {} : { cursor: since };
    await using events = connect<object, AnyListen>({ url, token, ...cursor });
    const stop = Promise.withResolvers<void>();
    process.once('SIGINT', stop.resolve);
    process.once('SIGTERM', stop.resolve);
    events.onStatus((status) => {
      if (status.state === 'reconnecting')
        process.stderr.write(`parley: no connection to ${url}, trying again\n`);
      if (status.state === 'expired')
        stop.reject(new CommandError('UNAUTHORIZED: The token is not valid.'));
    });
    for (const name of args._) {
      events.subscribe(name, (_data, occurrence) => {
        process.stdout.write(`${JSON.stringify(occurrence)}\n`);
      });
    }
    await stop.promise;
  },
});

type AnyListen = Record<string, { data: unknown; durable: boolean }>;
