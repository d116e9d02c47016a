import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { signToken } from '@parley/server';
import { describe, expect, test } from 'vitest';

import { ann } from '../../conformance/desk.ts';
import { sockets } from '../../conformance/sockets.ts';
import { secret, startServer } from '../../harness.ts';

const run = promisify(execFile);

/** Debian's, for which python3-autobahn is. */
const python = '/usr/bin/python3';
const script = join(import.meta.dirname, 'autobahn_client.py');

/** Says so when it is not there, and the test is skipped; where everything is required it fails. */
async function isAutobahnMissing(): Promise<boolean> {
  if (process.env['PARLEY_REQUIRE_ALL'] === '1') return false;
  try {
    await run(python, ['-c', 'import autobahn']);
    return false;
  } catch {
    process.stdout.write('No python3-autobahn: a WebSocket client of others is not tried.\n');
    return true;
  }
}

/** A close in order, with this code. */
const closed = (code: number) => [true, code];

describe.skipIf(await isAutobahnMissing())('autobahn, a WebSocket client of others', () => {
  test.each(sockets)(
    'understands the socket of %s, and is understood',
    async (socket) => {
      await using server = await startServer({ socket });
      const token = await signToken({ ...ann, secret });
      const { stdout } = await run(python, [script, server.url, token]);
      expect(JSON.parse(stdout)).toEqual({
        request: 'data',
        refusal: 'NOT_FOUND',
        subscription: ['started', 'Grüße 💬', 'stopped'],
        pings: ['of the protocol', 'PONG'],
        fragments: 'data',
        ping_within_a_message: ['between', 'data'],
        close: closed(1000),
        bad_utf8: closed(1007),
        reserved_bits: closed(1002),
        unknown_opcode: closed(1002),
        no_mask: closed(1002),
        too_large: closed(1009),
        too_many_fragments: closed(1008),
      });
    },
    60_000,
  );
});
