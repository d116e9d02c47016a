import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { type Extension, serve, type Server } from '@parley/server';
import surveys from '@parley/surveys/server';
import type { Browser, Locator, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { isChromiumMissing, openChromium, openPage } from './open-chromium.ts';

const isMissing = isChromiumMissing('the playground');

/** A directory to save screenshots in; without one, none are taken. */
const screenshots = process.env['PARLEY_SCREENSHOTS'];

const source = resolve(import.meta.dirname, '../../packages/playground');
const playground = join(source, 'dist');

interface Tab extends AsyncDisposable {
  page: Page;
  ann: Locator;
  bob: Locator;
  reply: Locator;
}

describe.skipIf(isMissing)('the playground in a browser', { timeout: 60_000 }, () => {
  let browser: Browser;

  beforeAll(async () => {
    if (!existsSync(playground)) await build({ root: source, logLevel: 'warn' });
    browser = await openChromium();
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
  });

  /** Opens the page with Ann and Bob connected. What goes wrong in it fails the test that opened it. */
  async function openTab(server: Server): Promise<Tab> {
    const { page, faults } = await openPage(browser, {
      viewport: { width: 1280, height: 1000 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await page.goto(`${server.address}/playground`);
    const [ann, bob] = ['Ann', 'Bob'].map((name) =>
      page.getByRole('region', { name, exact: true }),
    );
    if (!ann || !bob) throw new Error('Ann and Bob are not there.');
    for (const each of [ann, bob]) await status(each).getByText('open').waitFor();
    return {
      page,
      ann,
      bob,
      reply: page.getByRole('region', { name: 'Reply' }),
      async [Symbol.asyncDispose]() {
        await page.context().close();
        expect(faults).toEqual([]);
      },
    };
  }

  it('sends each event from the form as it is filled in, and shows the reply', async () => {
    await using server = await startServer();
    await using tab = await openTab(server);
    const { page, ann, bob } = tab;

    await send(tab, 'agents:login', 'Bob', '"available"');
    await send(tab, 'chats:create', 'Ann', '"status": "waiting"');
    await heard(ann, 'chats:create').waitFor();
    await heard(bob, 'chats:create').waitFor();
    await send(tab, 'chats:assign', 'Ann', '"inviting"');
    await heard(bob, 'invitations:new').waitFor();
    await send(tab, 'chats:join', 'Bob', '"joined": true');
    await send(tab, 'users:activity', 'Bob', '"success": true');
    await heard(ann, 'users:activity').waitFor();
    await send(tab, 'user:focus', 'Ann', '"success": true');
    await send(tab, 'messages:send', 'Bob', '"message": "Hello"');
    await heard(ann, 'messages:new').waitFor();
    await send(tab, 'messages:read', 'Ann', '"unread": 0');
    await send(tab, 'history:import', 'Bob', '"imported": 1');
    await send(tab, 'chats:get', 'Ann', '"users": [');
    await tab.reply.getByText('"Are you open today?"').waitFor();
    if (screenshots) await photograph(page, 'conversation');
    await send(tab, 'chats:close', 'Bob', '"closed": true');
    await heard(ann, 'chats:close').waitFor();
  });

  it('shows why the server refuses, with its code, its sentence and its data', async () => {
    await using server = await startServer();
    await using tab = await openTab(server);
    const { page, reply } = tab;
    await send(tab, 'chats:create', 'Ann', '"status": "waiting"');
    await page.getByRole('button', { name: 'Send as Ann' }).click();
    await reply.getByText('CHAT_EXISTS').first().waitFor();
    await reply.getByText('The customer already has an open chat.').waitFor();
    await reply.getByText('"chatId"').waitFor();
    if (screenshots) await photograph(page, 'refusal');

    await choose(page, 'history:import');
    await page.getByRole('button', { name: /^Ann.*may not$/ }).click();
    await page.getByRole('button', { name: 'Send as Ann' }).click();
    await reply.getByText('Your role may not do this here.').waitFor();

    await choose(page, 'messages:send');
    const form = page.getByRole('form', { name: 'Send messages:send' });
    await form.getByLabel('message', { exact: false }).fill('');
    await page.getByRole('button', { name: 'Send as Ann' }).click();
    await reply.getByText('VALIDATION').waitFor();
    await reply.getByText('"issues"').waitFor();
    await form.getByRole('button', { name: 'Back to the example' }).click();
    await page.getByRole('button', { name: 'Send as Ann' }).click();
    await reply.getByText('"message": "Hello"').waitFor();
  });

  it('hears after a dropped connection what it missed, and again what came after a position', async () => {
    await using server = await startServer();
    await using tab = await openTab(server);
    const { page, ann, bob } = tab;
    await send(tab, 'agents:login', 'Bob', '"available"');
    await send(tab, 'chats:create', 'Ann', '"status": "waiting"');
    await send(tab, 'chats:join', 'Bob', '"joined": true');
    await heard(ann, 'chats:join').waitFor();

    await ann.getByRole('button', { name: 'Drop the connection' }).click();
    await status(ann).getByText('dropped').waitFor();
    await send(tab, 'messages:send', 'Bob', '"message": "Hello"');
    await heard(bob, 'messages:new').waitFor();
    expect(await heard(ann, 'messages:new').count()).toBe(0);
    await ann.getByRole('button', { name: 'Connect again' }).click();
    await status(ann).getByText('open').waitFor();
    await heard(ann, 'messages:new').waitFor();
    expect(await heard(ann, 'messages:new').count()).toBe(1);

    await ann.getByRole('button', { name: 'Resume', exact: true }).click();
    await ann.getByText('resumed after position 0').waitFor();
    await expect.poll(() => heard(ann, 'messages:new').count()).toBe(2);
    await heard(bob, 'chats:join').first().click();
    await bob.getByRole('button', { name: 'Resume from here' }).click();
    await expect.poll(() => heard(bob, 'messages:new').count()).toBe(2);
    expect(await heard(bob, 'chats:join').count()).toBe(1);

    await choose(page, 'messages:new');
    await page.getByRole('switch', { name: 'Ann listens' }).click();
    await send(tab, 'messages:send', 'Bob', '"message": "Hello"');
    await expect.poll(() => heard(bob, 'messages:new').count()).toBe(3);
    expect(await heard(ann, 'messages:new').count()).toBe(2);

    await ann.getByRole('button', { name: /^Frames/ }).click();
    const frames = ann.getByRole('list', { name: 'Frames' });
    await frames.getByText('closed (4000)').first().waitFor();
    await frames
      .getByText(/^\d+ B$|KiB$/)
      .first()
      .waitFor();
    await frames
      .getByText(/^listen × \d+$/)
      .first()
      .click();
    await frames.getByText('"subscription"').first().waitFor();
    if (screenshots) await photograph(page, 'frames');
    // No token is shown.
    expect(await frames.textContent()).not.toContain('eyJ');
  });

  it('knows the events of other packages, without code for them', async () => {
    await using server = await startServer(surveys);
    await using tab = await openTab(server);
    await send(tab, 'agents:login', 'Bob', '"available"');
    await send(tab, 'chats:create', 'Ann', '"status": "waiting"');
    await send(tab, 'chats:join', 'Bob', '"joined": true');
    await send(tab, 'surveys:ask', 'Bob', '"asked": true');
    await heard(tab.ann, 'surveys:ask').waitFor();
  });

  it('writes a send as a program and as a command, and copies it', async () => {
    await using server = await startServer();
    await using tab = await openTab(server);
    const { page } = tab;
    await choose(page, 'chats:create');
    const code = page.getByRole('region', { name: 'Code' });
    const copy = async () => {
      await code.getByRole('button', { name: 'Copy' }).click();
      await code.getByRole('button', { name: 'Copied' }).waitFor();
      return page.evaluate('navigator.clipboard.readText()');
    };
    expect(await copy()).toContain(`events.send('chats:create', {
  room: 'sales',
  source: 'web',
  lang: 'en',
});`);
    await code.getByRole('button', { name: 'Shell' }).click();
    const data = `'{"room":"sales","source":"web","lang":"en"}'`;
    expect(await copy()).toContain(
      `pnpm parley send chats:create ${data} \\\n  --url ${server.url}`,
    );
  });

  it('finds events by their names and what they are for, on a narrow screen too', async () => {
    await using server = await startServer();
    await using tab = await openTab(server);
    const { page } = tab;
    const list = page.getByRole('navigation', { name: 'Events' });
    expect(await list.getByRole('listitem').count()).toBeGreaterThan(25);
    await list.getByRole('searchbox').fill('external history');
    await expect.poll(() => list.getByRole('listitem').count()).toBe(1);
    await list.getByRole('searchbox').press('Enter');
    await page.getByRole('article', { name: 'history:import' }).waitFor();
    await page.setViewportSize({ width: 400, height: 800 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(400);
  });

  it('gives one more identity a connection, and brings all back after a reload', async () => {
    await using server = await startServer();
    await using tab = await openTab(server);
    const { page } = tab;
    await page.getByText('Add an identity').click();
    const form = page.getByRole('form', { name: 'Add an identity' });
    await form.getByRole('button', { name: 'Add' }).click();
    const sue = page.getByRole('region', { name: 'Sue', exact: true });
    await status(sue).getByText('open').waitFor();
    await send(tab, 'chats:create', 'Ann', '"status": "waiting"');
    await send(tab, 'routing:explain', 'Sue', '"considered"');
    await page.reload();
    await status(sue).getByText('open').waitFor();
    await sue.getByRole('button', { name: 'Remove Sue' }).click();
    await expect.poll(() => sue.count()).toBe(0);
  });
});

function startServer(extension?: Extension): Promise<Server> {
  return serve({ ...extension, port: 0, store: 'sqlite::memory:', playground, development: true });
}

function status(identity: Locator): Locator {
  return identity.getByRole('status', { name: 'Connection' });
}

/** What somebody has heard of an event. */
function heard(identity: Locator, name: string): Locator {
  return identity.getByRole('list', { name: 'Heard' }).locator('summary').filter({ hasText: name });
}

async function choose(page: Page, name: string) {
  await page.getByRole('navigation', { name: 'Events' }).getByRole('button', { name }).click();
  await page.getByRole('article', { name }).waitFor();
}

/** Sends an event as the form has it, and waits for a part of the reply. */
async function send({ page, reply }: Tab, name: string, by: string, expected: string) {
  await choose(page, name);
  const form = page.getByRole('form', { name: `Send ${name}` });
  await form.getByRole('button', { name: by, exact: true }).click();
  await form.getByRole('button', { name: `Send as ${by}` }).click();
  await reply.getByRole('heading', { name: `Reply to ${by}` }).waitFor();
  await reply.getByText(expected).first().waitFor();
}

async function photograph(page: Page, name: string) {
  for (const width of [1280, 400]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height: 1000 });
      await page.emulateMedia({ colorScheme });
      const path = join(screenshots ?? '', `${name}-${width}-${colorScheme}.png`);
      await page.evaluate('scrollTo(0, 0)');
      await page.screenshot({ path, fullPage: true });
    }
  }
  await page.setViewportSize({ width: 1280, height: 1000 });
}
