/** The same news at several lengths. */
export interface MessageText {
  /** One line of {@link MAX_SUBJECT} characters at most: a ticket's title, a mail's subject. */
  readonly subject: string;
  /** One line; two SMS at most. */
  readonly short: string;
  /** Several lines for a screen. */
  readonly body: string;
  /** The same as a page of its own, for mail. */
  readonly html: string;
}

export const PARTS = ['subject', 'short', 'body', 'html'] as const;
export type Part = (typeof PARTS)[number];

/** Fits the title of a ticket (Zammad: 250) and a line of a mail. */
export const MAX_SUBJECT = 240;
