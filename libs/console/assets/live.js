/**
 * Keeps a page up to date. The feed only says that something has happened; the page then fetches itself and takes over
 * what has changed in its elements marked `data-live`. So whatever is lost on the way, the next look brings the truth.
 */
import { morphChildren } from './morph.js';
import { tick } from './ticking.js';

/** The feed says something every three seconds. */
const SILENCE_MS = 7000;
const COME_BACK_MS = 1000;
/** At most this often, whatever happens there. */
const PAUSE_MS = 400;

const connection = document.getElementById('connection');

/** `live`, `lost` or `signed-out`; shown at once. */
function show(state) {
  if (connection.dataset.state !== state) connection.dataset.state = state;
}

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Thrown where trying again is of no use. */
class SignedOut extends Error {}

/** The page as it would be if it were asked for now. */
async function fetchPage() {
  const response = await fetch(location.href, {
    headers: { accept: 'text/html', 'x-glance': '1' },
    signal: AbortSignal.timeout(10_000),
  });
  if (response.redirected || response.status === 401) throw new SignedOut();
  // Deleted meanwhile, or not for this key any more: a page of its own says so.
  if (response.status === 403 || response.status === 404) location.reload();
  if (!response.ok) throw new Error(`The page was answered with ${response.status}.`);
  return new DOMParser().parseFromString(await response.text(), 'text/html');
}

/** Takes over what is new. */
function takeOver(fresh) {
  document.title = fresh.title;
  for (const old of document.querySelectorAll('[data-live]')) {
    const now = fresh.querySelector(`[data-live="${CSS.escape(old.dataset.live)}"]`);
    if (now !== null) morphChildren(old, now);
  }
  tick();
  document.dispatchEvent(new Event('console:updated'));
}

let wanted = false;
let refreshing = false;

/** However often it is asked for: one fetch at a time, and one more for what happened meanwhile. */
async function refresh() {
  wanted = true;
  if (refreshing) return;
  refreshing = true;
  while (wanted) {
    wanted = false;
    try {
      takeOver(await fetchPage());
      if (connection.dataset.state !== 'signed-out') show('live');
    } catch (error) {
      if (error instanceof SignedOut) show('signed-out');
      else {
        show('lost');
        wanted = true;
        await sleep(COME_BACK_MS);
      }
    }
    await sleep(PAUSE_MS);
  }
  refreshing = false;
}

/** One connection to the feed, until it ends. Silence ends it, too. */
async function listen(feed) {
  const abort = new AbortController();
  let deadline = setTimeout(() => abort.abort(), SILENCE_MS);
  try {
    const response = await fetch(feed, { headers: { accept: 'text/event-stream' }, signal: abort.signal });
    if (response.status === 401) throw new SignedOut();
    if (!response.ok) throw new Error(`The feed was answered with ${response.status}.`);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(deadline);
      deadline = setTimeout(() => abort.abort(), SILENCE_MS);
      // Its first words count, too: something may have happened since the page was made.
      if (value !== ': heartbeat\n\n') void refresh();
    }
  } finally {
    clearTimeout(deadline);
  }
}

/** Listens for ever, or until nobody is signed in any more. */
export async function watch(feed) {
  addEventListener('offline', () => show('lost'));
  addEventListener('online', () => void refresh());
  // A page from the history is as old as it looks.
  addEventListener('pageshow', (event) => event.persisted && void refresh());
  let leaving = false;
  addEventListener('pagehide', () => (leaving = true));
  for (;;) {
    try {
      await listen(feed);
    } catch (error) {
      if (error instanceof SignedOut) return show('signed-out');
    }
    if (!leaving) show('lost');
    await sleep(COME_BACK_MS);
  }
}
