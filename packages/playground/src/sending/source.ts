import type { JsonObject } from '../contract/contract.ts';
import type { User } from '../identities/identity.ts';

/** A send as somebody would write it in TypeScript. */
export function writeTypeScript(url: string, name: string, data: JsonObject): string {
  const call = `await events.send('${name}', ${writeValue(data)});`;
  return `import { connect } from '@parley/client';

const url = '${url}';
const events = connect({ url, token });
const reply = ${call}`;
}

/** The same from a shell. */
export function writeCommand(url: string, name: string, data: JsonObject, user: User): string {
  const { id, role } = user;
  return `TOKEN=$(pnpm -s parley token --sub ${id} --role ${role} --name ${quote(user.name)})
pnpm parley send ${name} ${quote(JSON.stringify(data))} \\
  --url ${url} --token "$TOKEN"`;
}

/** One word for a shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function writeValue(value: unknown, indent = ''): string {
  if (value instanceof Date) return `new Date('${value.toISOString()}')`;
  if (typeof value === 'string') return writeText(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const parts = Array.isArray(value)
    ? value.map((each) => writeValue(each, `${indent}  `))
    : Object.entries(value).map(
        ([key, each]) => `${writeKey(key)}: ${writeValue(each, `${indent}  `)}`,
      );
  if (parts.length === 0) return open + close;
  const space = open === '{' ? ' ' : '';
  const line = `${open}${space}${parts.join(', ')}${space}${close}`;
  if (line.length <= 40 && !line.includes('\n')) return line;
  return `${open}\n${parts.map((part) => `${indent}  ${part},\n`).join('')}${indent}${close}`;
}

function writeText(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inner}'`;
}

function writeKey(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : writeText(key);
}
