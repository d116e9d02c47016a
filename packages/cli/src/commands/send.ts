import { connect, isEventError } from '@parley/client';
import { defineCommand } from 'citty';

import { serverUrl } from '../environment-variables.ts';
import { CommandError, UsageError } from '../failure.ts';

export default defineCommand({
  meta: { name: 'send', description: 'Sends an event and prints the reply.' },
  args: {
    event: { type: 'positional', required: true, description: 'Such as chats:create' },
    data: { type: 'positional', required: true, description: 'The data as JSON' },
    token: { type: 'string', required: true, description: 'A token, see parley token' },
    key: { type: 'string', description: 'Makes a repeated send have one effect' },
    url: { type: 'string', description: 'PARLEY_URL; ws://127.0.0.1:4455/events unless told' },
  },
  async run({ args }) {
    const { event, token, key } = args;
    const data = parseJson(args.data);
    const url = serverUrl(args.url, process.env);
    // The names and data come from the command line; the server checks both.
    await using events = connect<AnySend, object>({ url, token });
    const given = new AbortController();
    events.onStatus(({ state }) => {
      if (state === 'reconnecting') given.abort(new CommandError(`No server answers at ${url}.`));
    });
    try {
      const reply = await events.send(event, data, { key, signal: given.signal });
      process.stdout.write(`${JSON.stringify(reply)}\n`);
    } catch (error) {
      if (!isEventError(error)) throw error;
      const details = error.data === undefined ? '' : ` ${JSON.stringify(error.data)}`;
      throw new CommandError(`${error.code}: ${error.message}${details}`);
    }
  },
});

type AnySend = Record<string, { data: unknown; reply: unknown; errors: object }>;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`The data is not JSON: ${(cause as Error).message}.`, { cause });
  }
}
