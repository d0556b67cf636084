/** `npm run screenshots`: pictures of every page into docs/screenshots/, from a broker with demo data. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { CHROMIUM, findProgram } from '../test/support/programs.ts';
import { ROOT } from './command.mjs';
import { KEYS, withDemoBroker } from './demo-broker.mjs';
import { buildIfChanged } from './prepare.mjs';
import { smallPng } from './small-png.mjs';

const FOLDER = join(ROOT, 'docs/screenshots');

const WINDOWS = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  desk: { viewport: { width: 1280, height: 800 } },
};

/** Each page once: what it is called, what has to have happened, and where it is. */
const PAGES = [
  {
    name: 'responder-triggered',
    open: async (broker) => (await broker.press(KEYS.library)).link,
  },
  {
    name: 'responder-acknowledged',
    open: async (broker) => {
      const alarm = await broker.press(KEYS.laboratory);
      await broker.answer(alarm, { acked_by: 'Eva Lindqvist' });
      await broker.answer(alarm, { acked_by: 'Eva Lindqvist', action: 'on-way' });
      await broker.answer(alarm, { acked_by: 'Tom Okafor', action: 'on-way' });
      return alarm.link;
    },
    visitor: 'Eva Lindqvist',
  },
  {
    name: 'responder-resolved',
    open: async (broker) => {
      const alarm = await broker.press(KEYS.lobby);
      await broker.answer(alarm, { acked_by: 'Eva Lindqvist' });
      await broker.answer(alarm, { acked_by: 'Eva Lindqvist', action: 'there' });
      const note = 'An argument at the door. Both have calmed down and gone home.';
      await broker.answer(alarm, { acked_by: 'Eva Lindqvist', action: 'resolve', note });
      return alarm.link;
    },
  },
  {
    name: 'responder-false-alarm',
    open: async (broker) => {
      const alarm = await broker.press(KEYS.surgery);
      await broker.answer(alarm, { acked_by: 'Tom Okafor', action: 'cancel', reason: 'Pressed by mistake' });
      return alarm.link;
    },
  },
  {
    name: 'responder-german',
    locale: 'de-DE',
    open: async (broker) => (await broker.press(KEYS.operations)).link,
  },
  {
    name: 'responder-unknown-link',
    open: async (broker) => `${broker.url}/a/this-link-leads-nowhere`,
  },
];

await buildIfChanged();
await rm(FOLDER, { recursive: true, force: true });
await mkdir(FOLDER, { recursive: true });
await withDemoBroker(async (broker) => {
  const browser = await chromium.launch({
    executablePath: await findProgram(CHROMIUM),
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-lcd-text'],
  });
  try {
    for (const page of PAGES) await photograph(browser, page, await page.open(broker));
  } finally {
    await browser.close();
  }
});

async function photograph(browser, { name, visitor, locale = 'en-GB' }, url) {
  for (const [window, options] of Object.entries(WINDOWS)) {
    for (const colorScheme of ['light', 'dark']) {
      const context = await browser.newContext({
        ...options,
        colorScheme,
        locale,
        reducedMotion: 'reduce',
      });
      if (visitor !== undefined)
        await context.addCookies([{ name: 'responder_name', value: encodeURIComponent(visitor), url }]);
      const page = await context.newPage();
      await page.goto(url);
      const path = join(FOLDER, `${name}.${window}.${colorScheme}.png`);
      await writeFile(path, smallPng(await page.screenshot({ animations: 'disabled', caret: 'hide' })));
      await context.close();
    }
  }
  console.log(name);
}
