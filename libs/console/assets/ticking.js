/** Lets ages and countdowns tick, by the clock of the server: a desk whose own clock is wrong tells the truth. */
const madeAt = Date.parse(document.documentElement.dataset.now);
const began = performance.now();

/** What time it is on the server. A page that is fetched anew brings the time again, but this one does not drift. */
export const serverNow = () => madeAt + performance.now() - began;

const two = (number) => String(number % 60).padStart(2, '0');

/** The same as `duration` on the server. */
function duration(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(seconds / 3600);
  const days = Math.floor(seconds / 86_400);
  if (days > 0) return `${days} d ${hours % 24} h`;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

export function tick(root = document) {
  const now = serverNow();
  for (const time of root.querySelectorAll('time[data-tick]')) {
    const at = Date.parse(time.dateTime);
    const text = duration(time.dataset.tick === 'since' ? now - at : at - now);
    if (time.textContent !== text) time.textContent = text;
  }
}

tick();
setInterval(tick, 1000);
