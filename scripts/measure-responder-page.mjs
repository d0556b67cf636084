/**
 * `npm run measure:responder`: how fast the responder's page is, from a broker with demo data on this machine.
 *
 * First paint and bytes by Chromium with its processor slowed down six times, with an empty cache, without and with the
 * network of a bad phone, beside a page of a single letter, which is as fast as this machine gets. The time of the server by asking for the page, one request after the other and then ten at once.
 */
import { chromium } from 'playwright-core';
import { CHROMIUM, findProgram } from '../test/support/programs.ts';
import { KEYS, withDemoBroker } from './demo-broker.mjs';
import { buildIfChanged } from './prepare.mjs';

const VISITS = 15;
const REQUESTS = 2000;
const SLOWER = 6;
const LETTER = 'data:text/html,<!doctype html>x';
const NETWORKS = {
  'no limit': undefined,
  '3G (100 ms, 1.6 Mbit/s)': { latency: 100, downloadThroughput: 200_000, uploadThroughput: 90_000 },
};

await buildIfChanged();
await withDemoBroker(async (broker) => {
  const { link } = await broker.press(KEYS.library);
  await timeOfServer(link, 1);
  console.log(`\nserver, ${REQUESTS} requests after a warm-up`);
  for (const atOnce of [1, 10])
    console.log(`  ${atOnce} at once`.padEnd(30), quantiles(await timeOfServer(link, atOnce)));
  const browser = await chromium.launch({
    executablePath: await findProgram(CHROMIUM),
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  try {
    console.log(`\nbrowser, ${VISITS} first visits each, processor ${SLOWER}x slower`);
    await report(browser, 'a single letter', LETTER);
    for (const [name, network] of Object.entries(NETWORKS)) await report(browser, name, link, network);
  } finally {
    await browser.close();
  }
});

async function report(browser, name, url, network) {
  const visits = [];
  for (let i = 0; i <= VISITS; i += 1) visits.push(await visit(browser, url, network));
  const [, ...warm] = visits; // the first one starts Chromium's own processes
  console.log(`  ${name}`);
  console.log('    first paint'.padEnd(30), quantiles(warm.map(({ paint }) => paint)));
  console.log('    bytes with headers'.padEnd(30), Math.max(...warm.map(({ bytes }) => bytes)));
}

async function timeOfServer(link, atOnce) {
  const times = [];
  const ask = async () => {
    while (times.length < REQUESTS) {
      const began = performance.now();
      const answer = await fetch(link);
      await answer.text();
      if (!answer.ok) throw new Error(`answered ${answer.status}`);
      times.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, ask));
  return times;
}

async function visit(browser, link, network) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  if (network !== undefined)
    await devtools.send('Network.emulateNetworkConditions', { offline: false, ...network });
  let bytes = 0;
  devtools.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.goto(link, { waitUntil: 'networkidle' });
  const paint = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0].startTime,
  );
  await context.close();
  return { paint, bytes };
}

function quantiles(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(1);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}
