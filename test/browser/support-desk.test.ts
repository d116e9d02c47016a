import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { serve, type Server } from '@parley/server';
import type { Browser, Locator, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Proxy, startProxy } from '../client/proxy.ts';
import { isChromiumMissing, openChromium, openPage } from './open-chromium.ts';

const isMissing = isChromiumMissing('the support desk');

/** A directory to save screenshots in; without one, none are taken. */
const screenshots = process.env['PARLEY_SCREENSHOTS'];

/** How long to wait for what the page does not show at once. */
const patience = { timeout: 10_000 };

const desk = resolve(import.meta.dirname, '../../examples/support-desk');
const built = join(desk, 'dist');

/** A person at the page: one tab, with a customer and an agent of its own. */
interface Tab {
  page: Page;
  customer: Locator;
  agent: Locator;
  events: Locator;
}

describe.skipIf(isMissing)('the support desk in a browser', { timeout: 60_000 }, () => {
  let browser: Browser;

  beforeAll(async () => {
    if (!existsSync(built)) await build({ root: desk, logLevel: 'warn' });
    browser = await openChromium();
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
  });

  /** Opens the page as a newcomer. What goes wrong in it fails the test that opened it. */
  async function openTab(server: Server): Promise<Tab & AsyncDisposable> {
    const { page, faults } = await openPage(browser, { viewport: { width: 1280, height: 1250 } });
    await page.goto(server.address);
    return {
      page,
      customer: page.getByRole('region', { name: 'Customer' }),
      agent: page.getByRole('region', { name: 'Agent' }),
      events: page.getByRole('region', { name: 'Events' }),
      async [Symbol.asyncDispose]() {
        await page.context().close();
        expect(faults).toEqual([]);
      },
    };
  }

  it('takes a customer and an agent through a whole conversation', async () => {
    await using server = await startServer();
    await using tab = await openTab(server);
    const { customer, agent, events } = tab;

    await logIn(agent, 'Bob', 'sales');
    await startChat(customer, 'Ann', 'sales');
    await customer.getByText('Looking for an agent…').waitFor();
    const invitation = agent.getByRole('listitem', { name: 'Invitation from Ann' });
    const countdown = invitation.getByRole('timer');
    await expect.poll(() => countdown.getAttribute('aria-label')).toMatch(/^(30|2\d) s left$/);
    const start = await countdown.getAttribute('aria-label');
    await expect.poll(() => countdown.getAttribute('aria-label'), patience).not.toBe(start);

    await invitation.getByRole('button', { name: 'Accept' }).click();
    await customer.getByText('Bob joined').waitFor();
    await agent.getByText('You joined').waitFor();
    await expect.poll(() => invitation.count()).toBe(0);

    await write(customer, 'Do you ship to Norway?');
    await messageIn(agent, 'Do you ship to Norway?').waitFor();
    await messageIn(customer, 'Do you ship to Norway?')
      .getByRole('img', { name: 'Read' })
      .waitFor();

    await typeUntil(agent, customer.getByText('Bob is writing…'));
    await customer.getByText('Bob has a draft').waitFor();
    await write(agent, 'We do, in three days.');
    await messageIn(customer, 'We do, in three days.').waitFor();
    await expect.poll(() => customer.getByText('Bob has a draft').count()).toBe(0);

    await agent.getByRole('button', { name: 'Note' }).click();
    await agent.getByLabel('Note for agents').fill('She is a regular.');
    await agent.getByLabel('Note for agents').press('Enter');
    await messageIn(agent, 'She is a regular.').getByText('Only agents see this').waitFor();
    await write(customer, 'Thank you!');
    await messageIn(agent, 'Thank you!').waitFor();
    expect(await texts(customer)).toEqual([
      'Do you ship to Norway?',
      'We do, in three days.',
      'Thank you!',
    ]);

    await agent.getByRole('button', { name: 'Close' }).click();
    await customer.getByText('The chat is closed: resolved.').waitFor();
    await agent.getByText('The chat is closed: resolved.').waitFor();
    await customer.getByRole('button', { name: 'Start a new chat' }).click();
    await customer.getByRole('button', { name: 'Start chat' }).waitFor();

    for (const name of ['chats:create', 'invitations:accept', 'messages:new', 'chats:close']) {
      await events.getByText(name).first().waitFor();
    }
    await events.getByText('She is a regular.').first().click();
    await events.getByText('"visibility": "agents"').first().waitFor();
    await events.getByRole('button', { name: 'Pause' }).click();
    await customer.getByRole('button', { name: 'Start chat' }).click();
    await events.getByRole('button', { name: /Resume \(\d+ new\)/ }).click();
    await events.getByRole('button', { name: 'Clear' }).click();
    await expect.poll(() => events.getByText('She is a regular.').count()).toBe(0);
  });

  it('leaves the customer waiting when the only agent rejects, until another one comes', async () => {
    await using server = await startServer();
    await using tab = await openTab(server);
    await using otherTab = await openTab(server);
    const { customer, agent } = tab;

    await logIn(agent, 'Bob', 'support');
    await startChat(customer, 'Ann', 'support');
    await customer.getByText('Looking for an agent…').waitFor();
    await customer.getByText('You are next.').waitFor();
    await agent.getByRole('listitem', { name: 'Invitation from Ann' }).waitFor();
    await tab.page.setViewportSize({ width: 400, height: 800 });
    expect(await tab.page.evaluate('document.documentElement.scrollWidth')).toBe(400);
    await agent.getByRole('switch', { name: 'Available' }).click();
    await agent.getByRole('switch', { name: 'Available', checked: false }).waitFor();
    await agent.getByRole('button', { name: 'Reject' }).click();
    await customer.getByText('No agent is free right now.').waitFor();
    await tab.events.getByText('forever:alone').first().waitFor();
    await customer.getByRole('button', { name: 'Try again' }).click();
    await customer.getByText('No agent is free right now.').waitFor();

    await logIn(otherTab.agent, 'Carol', 'support');
    await otherTab.agent.getByRole('button', { name: 'Accept' }).click();
    await customer.getByText('Carol joined').waitFor();
  });

  it('hands a chat from agent to agent, with its messages', async () => {
    await using server = await startServer();
    await using tab = await openTab(server);
    await using otherTab = await openTab(server);
    const { customer, agent } = tab;

    await logIn(agent, 'Bob', 'billing');
    await startChat(customer, 'Ann', 'billing');
    await agent.getByRole('button', { name: 'Accept' }).click();
    await write(customer, 'My bill is wrong.');
    await messageIn(agent, 'My bill is wrong.').waitFor();
    await agent.getByRole('button', { name: 'Transfer' }).click();
    await agent.getByText('No other agent is free.').waitFor();

    await logIn(otherTab.agent, 'Carol', 'billing');
    await agent.getByRole('button', { name: 'Transfer' }).click();
    await agent.getByText('Offered to Carol (1 of 3).').waitFor();
    if (screenshots) await photograph(tab.page, 'transfer');
    await otherTab.agent.getByRole('button', { name: 'Accept' }).click();
    await messageIn(otherTab.agent, 'My bill is wrong.').waitFor();
    await agent.getByText('No chats yet.').waitFor();
    await customer.getByText('Carol joined').waitFor();

    await otherTab.agent.getByRole('button', { name: 'Back to queue' }).click();
    await customer.getByText(/Looking for an agent…|No agent is free/).waitFor();
  });

  it('brings both sides back after a reload', async () => {
    await using server = await startServer();
    await using tab = await openTab(server);
    const { page, customer, agent } = tab;

    await logIn(agent, 'Bob', 'sales');
    await startChat(customer, 'Ann', 'sales');
    await agent.getByRole('listitem', { name: 'Invitation from Ann' }).waitFor();
    await page.reload();
    await agent.getByRole('button', { name: 'Accept' }).click();
    await write(customer, 'Still here?');
    await messageIn(agent, 'Still here?').waitFor();
    await agent.getByRole('switch', { name: 'Available' }).click();
    await agent.getByRole('switch', { name: 'Available', checked: false }).waitFor();

    await page.reload();
    await agent.getByRole('switch', { name: 'Available', checked: false }).waitFor();
    await messageIn(customer, 'Still here?').waitFor();
    await messageIn(agent, 'Still here?').waitFor();
    await write(agent, 'Still here.');
    await messageIn(customer, 'Still here.').waitFor();
    expect(await texts(agent)).toEqual(['Still here?', 'Still here.']);
  });

  it('catches up after a lost connection', async () => {
    await using server = await startServer();
    await using proxy = await startProxy(server.url);
    await using tab = await openTab(server);
    const farPage = await tab.page.context().newPage();
    await farPage.goto(`http://${new URL(proxy.url).host}`);
    const customer = farPage.getByRole('region', { name: 'Customer' });
    const { agent } = tab;

    await logIn(agent, 'Bob', 'support');
    await startChat(customer, 'Ann', 'support');
    await agent.getByRole('button', { name: 'Accept' }).click();
    await customer.getByText('Bob joined').waitFor();
    proxy.cut();
    await customer.getByRole('status', { name: 'Connection' }).getByText('reconnecting').waitFor();
    await agent.getByText('in support · offline').waitFor();
    await write(agent, 'One.');
    await write(agent, 'Two.');

    proxy.mend();
    await messageIn(customer, 'Two.').waitFor({ timeout: 40_000 });
    await write(customer, 'All there.');
    await messageIn(agent, 'All there.').waitFor();
    expect(await texts(customer)).toEqual(['One.', 'Two.', 'All there.']);
  });

  it('sends a message once when the connection is back, and keeps one that is refused, to discard it', async () => {
    await using server = await startServer();
    await using proxy = await startProxy(server.url);
    await using tab = await openTab(server);
    const farPage = await tab.page.context().newPage();
    await farPage.goto(`http://${new URL(proxy.url).host}`);
    const customer = farPage.getByRole('region', { name: 'Customer' });
    const { agent } = tab;
    await logIn(agent, 'Bob', 'support');
    await startChat(customer, 'Ann', 'support');
    await agent.getByRole('button', { name: 'Accept' }).click();
    await customer.getByText('Bob joined').waitFor();

    await lose(customer, proxy, 'One.');
    await messageIn(customer, 'One.').getByText('sending…').waitFor();
    proxy.mend();
    await messageIn(agent, 'One.').waitFor({ timeout: 40_000 });
    await messageIn(customer, 'One.').getByRole('img').waitFor();
    expect([await texts(customer), await texts(agent)]).toEqual([['One.'], ['One.']]);

    await lose(customer, proxy, 'Two.');
    await agent.getByRole('button', { name: 'Close' }).click();
    proxy.mend();
    await messageIn(customer, 'Two.').getByText('Not sent').waitFor({ timeout: 40_000 });
    if (screenshots) await photograph(farPage, 'not-sent');
    await customer.getByRole('button', { name: 'Discard' }).click();
    await expect.poll(() => texts(customer)).toEqual(['One.']);
    expect(await texts(agent)).toEqual(['One.']);
  });

  it('loses no key of a message, although it tells of the writing', async () => {
    await using server = await startServer();
    await using tab = await openTab(server);
    const { customer, agent, events } = tab;
    await logIn(agent, 'Bob', 'sales');
    await startChat(customer, 'Ann', 'sales');
    await agent.getByRole('button', { name: 'Accept' }).click();
    await customer.getByText('Bob joined').waitFor();
    const field = customer.getByLabel('Message', { exact: true });
    const words = 'Do you ship the big tent to Norway?';
    for (let round = 1; round <= 5; round += 1) {
      await field.pressSequentially(words);
      expect(await field.inputValue()).toBe(words);
      await field.press('Enter');
      await messageIn(agent, words)
        .nth(round - 1)
        .waitFor();
    }
    await events.getByText('users:activity').first().waitFor();
    expect(await texts(agent)).toEqual(Array.from({ length: 5 }, () => words));
  });

  if (screenshots) {
    it('looks good', async () => {
      await using server = await startServer();
      await using tab = await openTab(server);
      await using otherTab = await openTab(server);
      const { customer, agent } = tab;
      await photograph(tab.page, 'start');

      await startChat(customer, 'Ann', 'sales');
      await customer.getByText('No agent is free right now.').waitFor();
      await photograph(tab.page, 'alone');

      await logIn(agent, 'Bob', 'sales');
      await agent.getByRole('button', { name: 'Accept' }).click();
      await write(customer, 'Hello! Do you ship the big tent to Norway?');
      await messageIn(agent, 'the big tent').waitFor();
      await write(agent, 'Hello Ann. We do: it takes about three days, and returns are free.');
      await agent.getByRole('button', { name: 'Note' }).click();
      await agent.getByLabel('Note for agents').fill('She asked for the same tent in May.');
      await agent.getByLabel('Note for agents').press('Enter');
      await agent.getByRole('button', { name: 'Note' }).click();
      await write(customer, 'Perfect. And does it stand up to a storm?');
      await messageIn(agent, 'stand up to a storm').waitFor();

      await startChat(otherTab.customer, 'Maya', 'sales');
      await agent.getByRole('button', { name: 'Accept' }).click();
      await write(otherTab.customer, 'My order has not arrived.');
      await messageIn(agent, 'My order has not arrived.').waitFor();
      await agent.getByRole('button', { name: 'Ann' }).click();
      await write(otherTab.customer, 'It was due on Monday.');
      await agent.getByLabel('1 unread').waitFor();
      await using thirdTab = await openTab(server);
      await thirdTab.customer
        .getByLabel('Your question')
        .fill('Can I change the address of an order that is on its way?');
      await startChat(thirdTab.customer, 'Tom', 'sales');
      await agent.getByRole('listitem', { name: 'Invitation from Tom' }).waitFor();

      await typeUntil(customer, agent.getByText('Ann is writing…'));
      await photograph(tab.page, 'conversation');
      await agent.getByRole('button', { name: 'Close' }).click();
      await customer.getByText('The chat is closed').waitFor();
      await photograph(tab.page, 'closed');
    });
  }
});

function startServer(): Promise<Server> {
  return serve({ port: 0, store: 'sqlite::memory:', page: built, development: true });
}

async function startChat(customer: Locator, name: string, room: string) {
  await customer.getByLabel('Your name').fill(name);
  await customer.getByLabel('Room').selectOption(room);
  await customer.getByRole('button', { name: 'Start chat' }).click();
}

async function logIn(agent: Locator, name: string, room: string) {
  await agent.getByLabel('Your name').fill(name);
  for (const box of await agent.getByRole('checkbox').all()) await box.uncheck();
  await agent.getByRole('checkbox', { name: room }).check();
  await agent.getByRole('button', { name: 'Log in' }).click();
  await agent.getByRole('switch', { name: 'Available', checked: true }).waitFor();
}

async function write(side: Locator, text: string) {
  const field = side.getByLabel('Message', { exact: true });
  await field.fill(text);
  await field.press('Enter');
}

/** Loses the connection when a message is on its way, before the server has it. */
async function lose(side: Locator, proxy: Proxy, text: string) {
  await side.getByRole('status', { name: 'Connection' }).getByText('open').waitFor();
  proxy.stall();
  await write(side, text);
  await messageIn(side, text).getByText('sending…').waitFor();
  proxy.cut();
  await side.getByRole('status', { name: 'Connection' }).getByText('reconnecting').waitFor();
}

/** Goes on typing, for a pause would end the writing, until it shows. */
async function typeUntil(side: Locator, sign: Locator) {
  const field = side.getByLabel('Message', { exact: true });
  const words = 'I mean real wind, up on a fell in October, with rain from every side'.split(' ');
  const typeOn = async () => {
    await field.pressSequentially(`${words.shift() ?? '…'} `);
    return sign.count();
  };
  await expect.poll(typeOn, patience).toBe(1);
}

function messageIn(side: Locator, text: string): Locator {
  return side.getByRole('log').getByRole('listitem').filter({ hasText: text });
}

/** The texts of all messages, in their order. */
function texts(side: Locator): Promise<string[]> {
  return side.getByRole('log').getByRole('paragraph').allTextContents();
}

async function photograph(page: Page, name: string) {
  for (const width of [1280, 400]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height: 1250 });
      await page.emulateMedia({ colorScheme });
      const path = join(screenshots ?? '', `${name}-${width}-${colorScheme}.png`);
      await page.screenshot({ path, fullPage: true });
    }
  }
  await page.setViewportSize({ width: 1280, height: 1250 });
}
