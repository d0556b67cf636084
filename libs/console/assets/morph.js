/**
 * Makes one piece of a page like another by changing only what differs, so that focus, selection and what is ticked stay
 * where they are.
 */

/** Things have a key that stays theirs wherever they stand. */
const keyOf = (node) => node.dataset?.key;

export function morphChildren(old, fresh) {
  const focused = document.activeElement;
  const wanted = [...fresh.childNodes];
  const keys = new Set(wanted.map(keyOf));
  for (const child of [...old.children]) {
    if (keyOf(child) !== undefined && !keys.has(keyOf(child))) child.remove();
  }
  const known = new Map([...old.children].map((child) => [keyOf(child), child]));
  let next = old.firstChild;
  for (const child of wanted) {
    const match = keyOf(child) === undefined ? similar(next, child) : known.get(keyOf(child));
    if (match === undefined) {
      old.insertBefore(document.importNode(child, true), next);
      continue;
    }
    if (match === next) next = next.nextSibling;
    else old.insertBefore(match, next);
    morph(match, child);
  }
  while (next !== null) {
    const rest = next.nextSibling;
    next.remove();
    next = rest;
  }
  // What is moved within a page loses the focus.
  if (focused?.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
}

const similar = (node, other) =>
  node !== null && node.nodeName === other.nodeName && keyOf(node) === undefined ? node : undefined;

function morph(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.nodeValue = fresh.nodeValue;
    return;
  }
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  // It ticks here, and the fresh one says what was true when it was made.
  if (!old.matches('time[data-tick]')) morphChildren(old, fresh);
}
