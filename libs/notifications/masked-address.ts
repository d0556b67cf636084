const SHOWN = 3;

/**
 * Enough of an address for a person to recognise it, not enough to use it: the host of a URL, the domain of a
 * mail address, the end of anything else. A URL may carry a secret in every other part.
 * @returns nothing for the empty address, which stands for the configured one.
 */
export function maskedAddress(address: string): string | null {
  if (address === '') return null;
  if (address.includes('://')) return URL.canParse(address) ? `${new URL(address).host || '…'}` : '…';
  const at = address.lastIndexOf('@');
  if (at >= 0) return `…${address.slice(at)}`;
  const characters = [...address];
  return characters.length > 2 * SHOWN ? `…${characters.slice(-SHOWN).join('')}` : '…';
}
