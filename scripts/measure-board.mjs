/**
 * Measures the board in a real browser while a lot is going on: `node scripts/measure-board.mjs [open] [changes] [seconds]`
 * (5000 open alarms, 50 changes a second, 20 seconds). Starts a broker of its own, with simulated channels, and throws it
 * away afterwards. Prints how long a new alarm takes to appear, how busy the page is and what it fetches.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { chromium } from 'playwright-core';

import { signIn, startOwnBroker } from './own-broker.mjs';

const [OPEN = 5000, CHANGES = 50, SECONDS = 20] = process.argv.slice(2).map(Number);
const AT_ONCE = 8;
const SEED = {
  sites: [{ id: 'hall', name: 'Town hall' }],
  rooms: [{ id: 'counter', site_id: 'hall', label: 'Counter', floor: '2' }],
  persons: [{ id: 'ada', display_name: 'Ada', role: 'Registrar' }],
  escalation_policy: { id: 'default', name: 'Hall' },
  escalation_targets: [{ id: 'guard', label: 'Guard', channel: 'sms', address: '+491' }],
  escalation_steps: [{ policy_id: 'default', step_no: 0, after_seconds: 0, target_ids: ['guard'] }],
};

const quantile = (values, q) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))];
const round = (number) => Math.round(number * 10) / 10;

const broker = await startOwnBroker();
const { post } = broker;
const raise = async () =>
  (await (await post('/v1/alarms', { room_id: 'counter', person_id: 'ada' })).json()).id;

try {
  await post('/v1/admin/seed', SEED);
  console.log(`Raising ${OPEN} alarms ...`);
  const ids = [];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (ids.length < OPEN) ids.push(await raise());
    }),
  );

  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
  await signIn(page, broker);
  await page.evaluate(() => {
    window.seen = new Map();
    const look = () => {
      for (const row of document.querySelectorAll('tbody tr[data-key]')) {
        if (!window.seen.has(row.dataset.key)) window.seen.set(row.dataset.key, Date.now());
      }
    };
    look();
    new MutationObserver(look).observe(document.querySelector('[data-live="alarms"]'), {
      childList: true,
      subtree: true,
    });
    window.longTasks = [];
    new PerformanceObserver((list) =>
      window.longTasks.push(...list.getEntries().map((entry) => entry.duration)),
    ).observe({
      type: 'longtask',
    });
  });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  const metrics = async () =>
    Object.fromEntries(
      (await devtools.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value]),
    );
  let [fetches, bytes] = [0, 0];
  page.on('requestfinished', async (request) => {
    if (new URL(request.url()).pathname !== '/admin') return;
    fetches += 1;
    bytes += (await request.sizes()).responseBodySize;
  });

  console.log(
    `Half of ${CHANGES} changes a second are new alarms, half acknowledgements, for ${SECONDS} s ...`,
  );
  const before = await metrics();
  const began = Date.now();
  const raised = new Map();
  const work = [];
  for (let i = 0; i < SECONDS * CHANGES; i += 1) {
    await sleep(Math.max(0, began + (i * 1000) / CHANGES - Date.now()));
    if (i % 2 === 0) work.push(raise().then((id) => raised.set(id, Date.now())));
    else work.push(post(`/v1/alarms/${ids[i]}/ack`, { acked_by: 'Eva' }));
  }
  await Promise.all(work);
  const lasted = (Date.now() - began) / 1000;
  const after = await metrics();
  const clickBegan = Date.now();
  await page.locator('tbody input[type="checkbox"]').first().click();
  const click = Date.now() - clickBegan;
  await sleep(1500);

  const seen = new Map(await page.evaluate(() => [...window.seen]));
  const delays = [...raised].filter(([id]) => seen.has(id)).map(([id, at]) => seen.get(id) - at);
  const longTasks = await page.evaluate(() => window.longTasks);
  console.table({
    'alarms open at the end': { value: OPEN + raised.size - Math.floor((SECONDS * CHANGES) / 2) },
    'changes a second, really': { value: round((SECONDS * CHANGES) / lasted) },
    'new alarms that appeared': { value: `${delays.length} of ${raised.size}` },
    'answer to row, median (ms)': { value: quantile(delays, 0.5) },
    'answer to row, 95 % (ms)': { value: quantile(delays, 0.95) },
    'answer to row, longest (ms)': { value: Math.max(...delays) },
    'page busy (% of the time)': {
      value: round(((after.TaskDuration - before.TaskDuration) / lasted) * 100),
    },
    'tasks above 50 ms': { value: longTasks.length },
    'longest task (ms)': { value: round(Math.max(0, ...longTasks)) },
    'a click is taken after (ms)': { value: click },
    'fetches a second': { value: round(fetches / lasted) },
    'kB for each': { value: round(bytes / Math.max(1, fetches) / 1000) },
    'rows in the page': { value: await page.locator('tbody tr').count() },
    'nodes in the page': { value: after.Nodes },
    'script memory (MB)': { value: round(after.JSHeapUsedSize / 1e6) },
  });
  await browser.close();
} finally {
  await broker.stop();
}
