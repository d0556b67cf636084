// Keeps the page up to date while it is looked at. Everything on it works without.
const EVERY_MS = 5000;
const GIVE_UP_MS = 4000;

const part = (id, from = document) => from.getElementById(id);
const opened = performance.now();
const waited = Number(part('watch')?.dataset.seconds);
let shown = document;
let asking = false;

const two = (n) => String(n).padStart(2, '0');

/** Counts on from what the server said: the clock of the phone may be wrong. */
function tick() {
  const watch = part('watch');
  if (watch === null) return;
  const all = Math.floor(waited + (performance.now() - opened) / 1000);
  const [h, m, s] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  watch.textContent = h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Somebody is in the middle of something, which must not be taken away from under their thumb. */
const isBusy = (deeds) =>
  deeds.contains(document.activeElement) ||
  deeds.querySelector('details[open]') !== null ||
  [...deeds.querySelectorAll('input, textarea')].some(
    (field) => field.value !== field.defaultValue || field.checked,
  );

/** Only what has changed is touched, so that a screen reader says it once. */
function show(next) {
  for (const id of ['state', 'advice', 'facts', 'as-of']) {
    if (part(id, shown).innerHTML !== part(id, next).innerHTML) part(id).innerHTML = part(id, next).innerHTML;
  }
  document.querySelector('main').className = next.querySelector('main').className;
  document.title = next.title;
  if (part('watch', next) === null) part('watch')?.remove();
  const deeds = part('deeds');
  const nextDeeds = part('deeds', next);
  if (deeds.dataset.version !== nextDeeds.dataset.version && !isBusy(deeds)) deeds.replaceWith(nextDeeds);
  shown = next;
}

async function refresh() {
  if (document.hidden || asking) return;
  asking = true;
  try {
    const answer = await fetch(location.pathname, { signal: AbortSignal.timeout(GIVE_UP_MS) });
    if (!answer.ok && answer.status !== 404) throw new Error(answer.statusText);
    const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
    // Deleted meanwhile, or long over: that is another page.
    if (part('deeds', next) === null) location.replace(location.pathname);
    else show(next);
    part('lost').hidden = true;
  } catch {
    part('lost').hidden = false;
  } finally {
    asking = false;
  }
}

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.dataset.sent === undefined) form.dataset.sent = '';
  else event.preventDefault();
});
addEventListener('pageshow', () => {
  for (const form of document.forms) delete form.dataset.sent;
});
document.addEventListener('visibilitychange', () => void refresh());
setInterval(tick, 1000);
setInterval(() => void refresh(), EVERY_MS);
