import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A file that pages refer to, under a name that changes with its content, so that it may be kept for ever. */
export interface Asset {
  readonly name: string;
  readonly type: string;
  readonly content: string;
}

const TYPES = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8' } as const;

/** Read once: it is part of the program. */
function asset(stem: string, kind: keyof typeof TYPES): Asset {
  const content = readFileSync(new URL(`./assets/${stem}.${kind}`, import.meta.url), 'utf8');
  const hash = createHash('sha256').update(content).digest('base64url').slice(0, 10);
  return { name: `${stem}.${hash}.${kind}`, type: TYPES[kind], content };
}

export const STYLESHEET = asset('responder', 'css');
export const SCRIPT = asset('responder', 'js');

/** Below `/a`, where the page is: a proxy that lets only responders in has to let one path through. */
export const addressOf = ({ name }: Asset): string => `/a/assets/${name}`;
