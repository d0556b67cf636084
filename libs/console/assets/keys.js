/** Single keys for the board and the page of an alarm; listed there, and switched off there. */
const switchedOn = document.getElementById('use-keys');
const help = document.getElementById('keys');
const REMEMBERED = 'alarm-broker.keys';

const rows = () => [...document.querySelectorAll('tbody tr[data-key]')];
const linkOf = (row) => row?.querySelector('a.place');
const currentRow = () => document.activeElement?.closest('tr[data-key]');

/** To the next row from where one is; to the first one if that is nowhere. */
function move(by) {
  const all = rows();
  const at = all.indexOf(currentRow());
  const next = all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)];
  linkOf(next)?.focus();
}

/** What a key does, given the row one is in, or none. Enter needs no help: it is a link that has the focus. */
const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  a: (row) => (row ?? document).querySelector('[data-shortcut="a"]')?.click(),
  x: (row) => row?.querySelector('input[type="checkbox"]')?.click(),
  '/': () => {
    const search = document.querySelector('input[type="search"]');
    const folded = search?.closest('details');
    if (folded) folded.open = true;
    search?.focus();
  },
  '?': () => {
    help.open = !help.open;
    if (help.open) help.querySelector('summary').focus();
  },
};

const isTyping = (element) => element.matches('input:not([type="checkbox"]), textarea, select');

if (help !== null) {
  switchedOn.checked = localStorage.getItem(REMEMBERED) !== 'off';
  switchedOn.addEventListener('change', () =>
    localStorage.setItem(REMEMBERED, switchedOn.checked ? 'on' : 'off'),
  );
  addEventListener('keydown', (event) => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!switchedOn.checked || !isPlain || isTyping(event.target) || !Object.hasOwn(KEYS, event.key)) return;
    // On the board "a" means the row one is in, and without one it means nothing.
    if (event.key === 'a' && currentRow() === undefined && rows().length > 0) return;
    event.preventDefault();
    KEYS[event.key](currentRow() ?? undefined);
  });
}
