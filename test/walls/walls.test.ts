import { beforeAll, describe, expect, test, vi } from 'vitest';

import { type Ended, RepositoryCopy } from '../repository-copy.ts';

/** What somebody might write, and where. */
type Seed = [folder: string, source: string];

/** A finding as oxlint prints it in JSON. */
interface Finding {
  filename: string;
  code: string;
  /** The message of a wall. */
  help: string;
}

const rule = 'eslint(no-restricted-imports)';

// Compiling everything takes seconds of two idle processors, and more of busy ones.
vi.setConfig({ hookTimeout: 180_000 });

function plan([folder, source]: Seed, index: number) {
  return { path: `${folder}/seed-${index}.ts`, source };
}

const contract = 'packages/contract/src';
const server = 'packages/server/src';
const chat = 'packages/server/src/chat';
const handlers = 'packages/server/src/handlers';
const client = 'packages/client/src';
const testing = 'packages/client/src/testing';
const playground = 'packages/playground/src';
const example = 'examples/support-desk/src';
const surveys = 'examples/surveys';

/** The law that oxlint tells, and what breaks it. */
const forbiddenImports: [law: string, ...Seed][] = [
  ['The contract runs anywhere', contract, "export { readFile } from 'node:fs/promises';"],
  ['The contract runs anywhere', contract, "export { format } from 'oxfmt';"],
  ['The contract runs anywhere', contract, "export { default } from 'better-sqlite3';"],
  ['The contract runs anywhere', contract, "export { WebSocket } from 'ws';"],
  ['The contract runs anywhere', contract, "export { useState } from 'react';"],
  ['The contract runs anywhere', `${contract}/events`, "export { hostname } from 'node:os';"],
  ['The contract has tRPC as types only', contract, "export { initTRPC } from '@trpc/server';"],
  ['The contract has tRPC as types only', contract, "export const it = import('@trpc/client');"],
  ['The contract knows nobody', contract, "export { serve } from '@parley/server';"],
  ['The contract knows nobody', contract, "export type { Events } from '@parley/client';"],
  ['The contract knows nobody', contract, "export type { Parley } from '@parley/cli';"],
  ['The contract knows nobody', contract, "export * from '../../server/src/index.ts';"],
  [
    'The contract knows nobody',
    'packages/contract/codegen',
    "export { serve } from '@parley/server';",
  ],
  ['The generator knows the contract', contract, "export { generate } from '../codegen/index.ts';"],
  [
    'The generator knows the contract',
    contract,
    "export { generate } from '@parley/contract/codegen';",
  ],

  ['The server knows the contract', server, "export { connect } from '@parley/client';"],
  ['The server knows the contract', server, "export type { Events } from '@parley/client';"],
  ['The server knows the contract', server, "export type { Parley } from '@parley/cli';"],
  [
    'The server knows the contract',
    `${server}/hub`,
    "export { generate } from '@parley/contract/codegen';",
  ],
  [
    'A package is used through its public door',
    server,
    "export * from '../../client/src/index.ts';",
  ],

  ['The server knows the contract', chat, "export type { Events } from '@parley/client';"],
  ['The domain is pure', chat, "export type { Log } from '../log/log.ts';"],
  ['The domain is pure', chat, "export { createHub } from '../hub/hub.ts';"],
  ['The domain is pure', chat, "export { saveUser } from '../tables/users.ts';"],
  ['The domain is pure', chat, "export { createFocus } from '../live/focus.ts';"],
  ['The domain is pure', chat, "export { serveTRPCSocket } from '../socket/trpc-socket.ts';"],
  ['The domain is pure', chat, "export * from '../http/request-listener.ts';"],
  ['The domain is pure', chat, "export type { Chats } from '../chats.ts';"],
  ['The domain is pure', chat, "export { default } from 'better-sqlite3';"],
  ['The domain is pure', chat, "export { WebSocket } from 'ws';"],
  ['The domain is pure', chat, "export { TRPCError } from '@trpc/server';"],
  ['The domain is pure', chat, "export { readFile } from 'node:fs/promises';"],
  ['The domain is pure', chat, "export * from '../../../client/src/index.ts';"],
  ['The domain is pure', `${chat}/algorithms`, "export type { Log } from '../../log/log.ts';"],
  [
    'The domain takes chance from its environment',
    chat,
    "export { randomUUID } from 'node:crypto';",
  ],

  ['The server knows the contract', handlers, "export { connect } from '@parley/client';"],
  ['Handlers hold no transport', handlers, "export { WebSocket } from 'ws';"],
  ['Handlers hold no transport', handlers, "export { TRPCError } from '@trpc/server';"],
  ['Handlers hold no transport', handlers, "export type { Hub } from '../hub/hub.ts';"],
  ['Handlers hold no transport', handlers, "export * from '../socket/trpc-socket.ts';"],
  ['Handlers hold no transport', handlers, "export * from '../http/request-listener.ts';"],
  ['Handlers hold no transport', handlers, "export { createRouter } from '../router.ts';"],
  ['Handlers hold no transport', handlers, "export { createServer } from 'node:http';"],

  [
    'The client has the contract as types only',
    client,
    "export { roles } from '@parley/contract';",
  ],
  [
    'The client has the contract as types only',
    client,
    "export { default } from '@parley/contract/events/chats-join';",
  ],
  ['What tests use stays out', client, "export { fakeParley } from './testing/index.ts';"],
  ['What tests use stays out', client, "export { fakeParley } from '@parley/client/testing';"],
  [
    "The test kit has the contract's types and examples only",
    testing,
    "export { events } from '@parley/contract/events';",
  ],
  ['The client runs in browsers', testing, "export { readFile } from 'node:fs/promises';"],
  ['The client has the server', client, "export { initTRPC } from '@trpc/server';"],
  ['The client holds no schema', client, "export { z } from 'zod';"],
  ['The client runs in browsers', client, "export { readFile } from 'node:fs/promises';"],
  ["The client knows the contract's types", client, "export { serve } from '@parley/server';"],
  [
    "The client knows the contract's types",
    client,
    "export type { Server } from '@parley/server';",
  ],
  [
    'A package is used through its public door',
    client,
    "export * from '../../server/src/serve.ts';",
  ],

  ['The playground learns', playground, "export { serve } from '@parley/server';"],
  ['The playground learns', playground, "export { events } from '@parley/contract/events';"],
  [
    'The playground learns',
    playground,
    "export type { SendEvents } from '@parley/contract/types';",
  ],
  ['An example is a client', example, "export { serve } from '@parley/server';"],
  ['An example is a client', example, "export { generate } from '@parley/contract/codegen';"],
  ['The contract runs anywhere', `${surveys}/contract`, "export { serve } from '@parley/server';"],
  ['The contract knows nobody', `${surveys}/contract`, "export * from '../server/index.ts';"],
  [
    'The server knows the contract',
    `${surveys}/server`,
    "export { connect } from '@parley/client';",
  ],
  ['Handlers hold no transport', `${surveys}/server/handlers`, "export { WebSocket } from 'ws';"],
  [
    'A package is used through its public door',
    example,
    "export * from '../../../packages/client/src/index.ts';",
  ],
  [
    'A package is used through its public door',
    'test',
    "export * from '../packages/server/src/serve.ts';",
  ],
];

const allowedImports: Seed[] = [
  [`${surveys}/contract/events`, "export { defineEvent } from '@parley/contract';"],
  [`${surveys}/server/handlers`, "export { defineHandler } from '@parley/server';"],
  [contract, "export type { AnyRouter } from '@trpc/server';"],
  [contract, "export { z } from 'zod';"],
  [`${contract}/events`, "export { defineEvent } from '../define-event.ts';"],
  ['packages/contract/codegen', "export { roles } from '../src/roles.ts';"],
  ['packages/server/test', "export { serve } from '../src/serve.ts';"],
  [chat, "export { createHash } from 'node:crypto';"],
  [chat, "export { default } from '@parley/contract/events/chats-join';"],
  [`${chat}/algorithms`, "export type { Environment } from '../../environment.ts';"],
  [handlers, "export { viewChat } from '../chat/views.ts';"],
  [client, "export type { Role } from '@parley/contract';"],
  [testing, "export { fixtures } from '@parley/contract/fixtures';"],
  [example, "export { connect } from '@parley/client';"],
  ['test', "export { serve } from '@parley/server';"],
];

/** What tsc says of what is not there. */
const unknownNames: [problem: string, ...Seed][] = [
  ["Cannot find name 'process'", contract, 'export const id = process.pid;'],
  ["Cannot find name 'Buffer'", contract, "export const bytes = Buffer.from('a');"],
  ["Cannot find name 'window'", contract, 'export const place = window.location;'],
  ["Cannot find name 'setTimeout'", contract, 'export const timer = setTimeout(() => {}, 1);'],
  ["Cannot find name 'fetch'", contract, "export const page = fetch('http://127.0.0.1');"],
  ["Cannot find name 'node:fs'", contract, "export { readFileSync } from 'node:fs';"],
  ['is not listed within the file list', contract, "export * from '../codegen/index.ts';"],
  ["Cannot find module '@parley/server'", contract, "export { serve } from '@parley/server';"],
  ["Cannot find name 'process'", client, 'export const id = process.pid;'],
  ["Cannot find name 'Buffer'", client, "export const bytes = Buffer.from('a');"],
  ["Cannot find name 'require'", client, "export const fs = require('fs');"],
  ["Cannot find name 'node:fs'", client, "export { readFileSync } from 'node:fs';"],
  ["Cannot find module '@parley/server'", client, "export { serve } from '@parley/server';"],
  ["Cannot find module 'zod'", client, "export { z } from 'zod';"],
  ["Cannot find module '@parley/client'", server, "export { connect } from '@parley/client';"],
  ["Cannot find name 'window'", server, 'export const place = window.location;'],
  ["Cannot find module '@parley/server'", example, "export { serve } from '@parley/server';"],
  [
    "Cannot find module '@parley/client/src/connect.ts'",
    example,
    "export { connect } from '@parley/client/src/connect.ts';",
  ],
  [
    "Cannot find module '@parley/server/src/hub/hub.ts'",
    'test',
    "export { createHub } from '@parley/server/src/hub/hub.ts';",
  ],
];

describe('oxlint', () => {
  const forbidden = forbiddenImports.map(([law, ...seed], index) => ({
    law,
    ...plan(seed, index),
  }));
  const allowed = allowedImports.map((seed, index) => plan(seed, forbidden.length + index));
  let before: Ended;
  let findings: Finding[];

  beforeAll(async () => {
    await using copy = await RepositoryCopy.create();
    before = await copy.runTool('oxlint', '--format=unix');
    for (const { path, source } of [...forbidden, ...allowed]) await copy.write(path, source);
    const { output } = await copy.runTool('oxlint', '--format=json');
    findings = JSON.parse(output).diagnostics;
  });

  const lawsBroken = (path: string) =>
    findings
      .filter(({ filename, code }) => filename === path && code === rule)
      .map(({ help }) => help);

  test('has nothing to say of the repository as it is', () => {
    expect(before).toEqual({ exitCode: 0, output: '' });
  });

  test.each(forbidden)('$law: refuses $path with $source', ({ law, path }) => {
    expect(lawsBroken(path)).toContainEqual(expect.stringContaining(law));
  });

  test.each(allowed)('lets $path have $source', ({ path }) => {
    expect(lawsBroken(path)).toEqual([]);
  });
});

describe('tsc', () => {
  const unknown = unknownNames.map(([problem, ...seed], index) => ({
    problem,
    ...plan(seed, index),
  }));
  let before: Ended;
  let lines: string[];

  beforeAll(async () => {
    await using copy = await RepositoryCopy.create();
    before = await copy.runTool('tsc', '--build');
    for (const { path, source } of unknown) await copy.write(path, source);
    const { output } = await copy.runTool('tsc', '--build');
    lines = output.split('\n');
  });

  test('has nothing to say of the repository as it is', () => {
    expect(before).toEqual({ exitCode: 0, output: '' });
  });

  test.each(unknown)('refuses $path with $source', ({ problem, path }) => {
    const told = lines.filter((line) => line.startsWith(`${path}(`));
    expect(told).toContainEqual(expect.stringContaining(problem));
  });
});
