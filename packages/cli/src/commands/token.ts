import { roles } from '@parley/contract';
import { signToken } from '@parley/server';
import { defineCommand } from 'citty';

import { authSetting } from '../environment-variables.ts';
import { UsageError } from '../failure.ts';

export default defineCommand({
  meta: { name: 'token', description: 'Signs a token with the configured secret.' },
  args: {
    sub: { type: 'string', required: true, description: 'The id of the user' },
    role: { type: 'string', required: true, description: roles.join(', ') },
    name: { type: 'string', description: 'The name to show' },
    rooms: { type: 'string', description: 'The rooms an agent may log in to, with commas' },
    langs: { type: 'string', description: 'The languages an agent speaks, with commas' },
    ttl: { type: 'string', description: 'How many seconds it is good for; 3600 unless told' },
  },
  async run({ args }) {
    const { sub, name, rooms, langs, ttl = '3600' } = args;
    const role = roles.find((each) => each === args.role);
    if (!role)
      throw new UsageError(
        `There is no role ${JSON.stringify(args.role)}. Use one of ${roles.join(', ')}.`,
      );
    if (!/^[1-9]\d{0,8}$/.test(ttl))
      throw new UsageError('--ttl is a number of seconds, such as 3600.');
    const { auth } = authSetting(process.env);
    if (!('secret' in auth))
      throw new UsageError('Tokens of a JWKS are signed by whoever holds its keys.');
    const token = await signToken({
      secret: auth.secret,
      issuer: auth.issuer,
      sub,
      role,
      name,
      rooms: listOf(rooms),
      langs: listOf(langs),
      ttl: Number(ttl),
    });
    process.stdout.write(`${token}\n`);
  },
});

function listOf(text: string | undefined): string[] | undefined {
  return text?.split(',').filter(Boolean);
}
