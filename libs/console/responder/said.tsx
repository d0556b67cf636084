import type { ComponentChild } from 'preact';

/**
 * A name somebody typed in, kept to itself: whatever direction it is written in, and whatever marks are in it, the
 * words around it stay in order.
 */
export function Name({ children }: { children: string }) {
  return <bdi>{children}</bdi>;
}

/** A sentence of the page's words with what is to be put into it, as `{who} is there`. */
export function Said({ text, ...parts }: { text: string } & Readonly<Record<string, ComponentChild>>) {
  return <>{text.split(/\{(\w+)\}/).map((piece, i) => (i % 2 === 0 ? piece : parts[piece]))}</>;
}

/** The same as plain text, for titles. */
export const said = (text: string, parts: Readonly<Record<string, string>>): string =>
  text.replace(/\{(\w+)\}/g, (_, part: string) => parts[part] ?? '');
