import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { expect, test } from 'vitest';

import { openWorkplace } from './command.ts';

const secret = 'a secret for tests that is long enough';
const surveys = resolve(import.meta.dirname, '../../examples/surveys');

/** A directory whose `parley.config.ts` names one package with an extension. */
async function openDeployment(server: string) {
  const workplace = await openWorkplace({ PARLEY_JWT_SECRET: secret });
  const packages = [{ contract: `${surveys}/contract`, handlers: `${surveys}/server`, server }];
  const config = `export default ${JSON.stringify({ packages })};\n`;
  await writeFile(join(workplace.directory, 'parley.config.ts'), config);
  return workplace;
}

test('parley serve serves the events of the packages in parley.config.ts', async () => {
  await using workplace = await openDeployment(`${surveys}/server/index.ts`);
  await using server = await workplace.startAndRead(
    'serve',
    '--port',
    '0',
    '--store',
    'sqlite::memory:',
  );
  const url = (await server.firstLine).split(' ').at(-1) ?? '';
  const { out } = await workplace.run('token', '--sub', 'bob', '--role', 'agent');
  const to = ['--token', out.trim(), '--url', url];

  const asked = await workplace.run(
    'send',
    'surveys:ask',
    '{"chatId":"c_1","question":"Well?"}',
    ...to,
  );
  expect(asked.errors).toMatch(/^parley: NOT_FOUND/);
  const submitted = await workplace.run(
    'send',
    'surveys:submit',
    '{"chatId":"c_1","stars":5}',
    ...to,
  );
  expect(submitted.errors).toMatch(/^parley: FORBIDDEN/);
});

test('an extension that does not load is named', async () => {
  await using workplace = await openDeployment('server/index.ts');
  const { code, errors } = await workplace.run('serve', '--port', '0');
  expect(code).toBe(2);
  expect(errors).toContain('server/index.ts of parley.config.ts does not load');
});
