import { existsSync } from 'node:fs';

import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const executablePath = '/usr/bin/chromium';

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Whether there is no Chromium to try something in, which is said; where all is required it is launched all the same. */
export function isChromiumMissing(tried: string): boolean {
  const isMissing = !existsSync(executablePath) && process.env['PARLEY_REQUIRE_ALL'] !== '1';
  if (isMissing) process.stdout.write(`No ${executablePath}: ${tried} is not tried.\n`);
  return isMissing;
}

export function openChromium(): Promise<Browser> {
  return chromium.launch({ executablePath, args: quiet });
}

/** Opens a page in a context of its own, and notes what goes wrong in it. */
export async function openPage(
  browser: Browser,
  options: BrowserContextOptions,
): Promise<{ page: Page; faults: string[] }> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (line) => line.type() === 'error' && faults.push(line.text()));
  return { page, faults };
}
