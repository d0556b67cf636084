/** A sound for new alarms, if somebody wants one. Browsers allow it only once the page has been touched. */
const button = document.getElementById('sound');
const REMEMBERED = 'alarm-broker.sound';
let context;

/** Two soft tones. */
function ring() {
  if (context?.state !== 'running') return;
  [660, 880].forEach((frequency, i) => {
    const start = context.currentTime + i * 0.22;
    const tone = new OscillatorNode(context, { frequency });
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.setTargetAtTime(0.25, start, 0.015);
    volume.gain.setTargetAtTime(0, start + 0.18, 0.06);
    tone.connect(volume).connect(context.destination);
    tone.start(start);
    tone.stop(start + 0.6);
  });
  button.dataset.rung = String(Number(button.dataset.rung ?? 0) + 1);
}

const newest = () => document.querySelector('[data-newest]').dataset.newest;

const isOn = () => button.getAttribute('aria-pressed') === 'true';

function set(on) {
  button.setAttribute('aria-pressed', String(on));
  localStorage.setItem(REMEMBERED, on ? 'on' : 'off');
  if (!on) return;
  context ??= new AudioContext();
  void context.resume();
}

if (button !== null) {
  button.hidden = false;
  // Remembered from before; the first touch of anything lets it sound.
  if (localStorage.getItem(REMEMBERED) === 'on') {
    set(true);
    addEventListener('pointerdown', () => void context?.resume(), { once: true });
    addEventListener('keydown', () => void context?.resume(), { once: true });
  }
  button.addEventListener('click', () => {
    set(!isOn());
    if (isOn()) void context.resume().then(ring);
  });
  let known = newest();
  document.addEventListener('console:updated', () => {
    const now = newest();
    // Ids grow with time, so a smaller one is an older alarm that is now the newest without an answer.
    if (now > known && isOn()) ring();
    if (now > known) known = now;
  });
}
