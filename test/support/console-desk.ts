import type { BrowserContextOptions, Page } from 'playwright-core';

import { DESK, visitor } from './browser.ts';
import { ADMIN_KEY } from './world.ts';

export interface DeskWishes extends BrowserContextOptions {
  readonly key?: string;
  /** What the operator calls themselves. */
  readonly called?: string;
  /** Where they begin. */
  readonly path?: string;
}

/** An operator's window, signed in. What nobody may see happen there is kept in {@link complaints}. */
export async function desk(url: string, wishes: DeskWishes = {}): Promise<Page> {
  const { key = ADMIN_KEY, called = 'Nora', path = '/admin', ...others } = wishes;
  const page = await (await visitor({ viewport: DESK, hasTouch: false, ...others })).newPage();
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => complaints.push(`a dialog: ${dialog.message()}`));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== url) complaints.push(`a request to ${request.url()}`);
  });
  await page.goto(`${url}${path}`);
  await signIn(page, key, called);
  return page;
}

/** Errors of scripts, things that execute, requests that leave the server; to be empty at the end of every story. */
export const complaints: string[] = [];

/** Fills in the sign-in page and waits for what follows. */
export async function signIn(page: Page, key: string, called = ''): Promise<void> {
  await page.locator('input[name="key"]').fill(key);
  if (called !== '') await page.locator('input[name="called"]').fill(called);
  await Promise.all([page.waitForEvent('load'), page.locator('main button[type="submit"]').click()]);
}

/** Waits until the page hears of what happens. */
export const listening = (page: Page): Promise<void> =>
  page.locator('#connection[data-state="live"]').waitFor({ state: 'attached' });

/** How far a page sticks out of its window sideways. */
export const overhang = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - innerWidth');
