/**
 * Takes a picture of every page into docs/screenshots: `npm run screenshots`. On a desk and on a phone, light and
 * dark, in English; of a broker of its own with the bundled demo data.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { chromium } from 'playwright-core';

import { ROOT } from './command.mjs';
import { signIn, startOwnBroker } from './own-broker.mjs';

const FOLDER = join(ROOT, 'docs/screenshots');
const WINDOWS = { desk: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
const KEYS = ['MU_YLK_NORTH_OPS_2001', 'MU_YLK_CHEM_LAB_2003', 'MU_YLK_MED_OR_2004'];

const broker = await startOwnBroker();
try {
  await broker.post('/v1/admin/seed', await readFile(join(ROOT, 'seeds/simulation.yaml'), 'utf8'));
  const alarms = [];
  for (const token of KEYS) {
    const answer = await fetch(`${broker.url}/v1/yealink/alarm?token=${token}`);
    alarms.push((await answer.json()).alarm_id);
  }
  await broker.post(`/v1/alarms/${alarms[2]}/ack`, { acked_by: 'Eva Brandt', note: 'on my way' });
  await broker.post(`/v1/alarms/${alarms[2]}/notes`, {
    note: 'Spoke with the nurse.',
    created_by: 'Eva Brandt',
  });

  /** Every page, with the way to it. */
  const pages = {
    'sign-in': '/admin/sign-in',
    board: '/admin',
    alarm: `/admin/alarms/${alarms[0]}`,
    'alarm-acknowledged': `/admin/alarms/${alarms[2]}`,
  };
  await mkdir(FOLDER, { recursive: true });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  for (const [window, viewport] of Object.entries(WINDOWS)) {
    for (const colorScheme of ['light', 'dark']) {
      const context = await browser.newContext({ viewport, colorScheme, locale: 'en-GB' });
      const page = await context.newPage();
      await signIn(page, broker, 'Nora');
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(broker.url + path);
        await page.screenshot({
          path: join(FOLDER, `${name}-${window}-${colorScheme}.png`),
          fullPage: window === 'phone',
        });
      }
      await context.close();
    }
  }
  await browser.close();
  console.log(`Pictures of ${Object.keys(pages).length} pages are in ${FOLDER}.`);
} finally {
  await broker.stop();
}
