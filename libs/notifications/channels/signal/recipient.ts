const GROUP = 'group.';
/** A group as Signal itself calls it: 32 bytes. */
const INTERNAL_ID = /^[A-Za-z0-9+/]{43}=$/;
const PHONE_NUMBER = /^\+\d[\d ()/.-]*$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Who wrote, as far as Signal says: a number or a uuid may be hidden; the group is the one it was written in. */
export interface SignalSender {
  readonly number: string | null;
  readonly uuid: string | null;
  readonly groupId: string | null;
}

/**
 * An address as `recipients` of signal-cli-rest-api understands it: a group as `group.` and its internal id, which
 * is base64, in base64 once more; a phone number without what makes it readable; uuid and username as they are.
 * @returns nothing for the empty address.
 */
export function signalRecipient(address: string): string | undefined {
  const plain = address.trim();
  if (plain === '') return undefined;
  if (INTERNAL_ID.test(plain)) return GROUP + Buffer.from(plain).toString('base64');
  return PHONE_NUMBER.test(plain) ? plain.replace(/[^+\d]/g, '') : plain;
}

export const isGroup = (recipient: string): boolean => recipient.startsWith(GROUP);

/**
 * Whether a message to an address can have reached this sender. Times of messages can be guessed, so an answer
 * counts only from where the message went: a group's from within the group, a person's from that person. A hidden
 * number or uuid gives the benefit of the doubt, and so does a username, which no answer shows.
 */
export function canHaveReceived(address: string, sender: SignalSender): boolean {
  const recipient = signalRecipient(address);
  if (recipient === undefined) return false;
  if (isGroup(recipient)) {
    return sender.groupId === Buffer.from(recipient.slice(GROUP.length), 'base64').toString();
  }
  if (recipient.startsWith('+')) return sender.number === null || sender.number === recipient;
  return (
    !UUID.test(recipient) || sender.uuid === null || sender.uuid.toLowerCase() === recipient.toLowerCase()
  );
}
