/** Who sends or gets mail. */
export interface Mailbox {
  /** Shown beside the address; empty where there is none. */
  readonly name: string;
  readonly address: string;
}

/** Between commas, unless they stand in a quoted name. */
const PART = /(?:"[^"]*"|[^",])+/g;
const NAMED = /^(?<name>"[^"]*"\s*|[^"<>]*)<(?<address>[^"<>]*)>$/;

/** Nothing that has a meaning in a header or a command of SMTP, and nothing that cannot be seen. */
const ADDRESS = /^[^\s\p{C}"(),:;<>@[\]\\]+@[^\s\p{C}"(),:;<>@[\]\\]+$/u;

/**
 * Reads one mailbox or several, separated by commas: `guard@example.org, "Guard, night" <night@example.org>`.
 * @returns nothing when there is none, or when one of them cannot be used: then nobody may take it for told.
 */
export function parseMailboxes(text: string): Mailbox[] | undefined {
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)) return undefined;
  const mailboxes: Mailbox[] = [];
  for (const part of text.match(PART) ?? []) {
    if (part.trim() === '') continue;
    const { name = '', address = part } = NAMED.exec(part.trim())?.groups ?? {};
    if (!ADDRESS.test(address.trim())) return undefined;
    mailboxes.push({ name: name.replace(/["\p{C}]/gu, '').trim(), address: address.trim() });
  }
  return mailboxes.length === 0 ? undefined : mailboxes;
}
