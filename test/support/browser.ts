import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';

import type { AxeResults } from 'axe-core';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';

import { CHROMIUM, findProgram } from './programs.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Windows of a phone and of a desk, in CSS pixels. */
export const PHONE = { width: 390, height: 844 } as const;
export const NARROWEST = { width: 320, height: 568 } as const;
export const DESK = { width: 1280, height: 800 } as const;

let running: Promise<Browser> | undefined;
const contexts = new Set<BrowserContext>();

/** Registered in every spec file that imports this one. */
afterEach(async () => {
  await Promise.all([...contexts].map((context) => context.close()));
  contexts.clear();
});
afterAll(async () => {
  await (await running)?.close();
  running = undefined;
});

/**
 * A visitor with a browser profile of their own, closed after the test. English, light and on a phone unless told
 * otherwise.
 */
export async function visitor(wishes: BrowserContextOptions = {}): Promise<BrowserContext> {
  running ??= findProgram(CHROMIUM).then((executablePath) =>
    chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] }),
  );
  const context = await (
    await running
  ).newContext({ viewport: PHONE, hasTouch: true, locale: 'en-GB', colorScheme: 'light', ...wishes });
  context.setDefaultTimeout(10_000);
  contexts.add(context);
  return context;
}

/** What axe-core finds wrong with a page, in words; empty when it is fit for everybody. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(AXE, 'utf8'));
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target }) => `${id}: ${help} (${target.join(' ')})`),
  );
}
