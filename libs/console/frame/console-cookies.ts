import { parseCookie, stringifySetCookie, type SetCookie } from 'cookie';
import type { Request, Response } from 'express';

import type { Message } from './frame.tsx';

const SESSION = 'alarm_broker_session';
const MESSAGE = 'alarm_broker_message';

/**
 * Only the console gets them, never the API. `Lax`, so that a link to an alarm in a mail or a ticket finds its reader
 * signed in: following a link changes nothing, and a form needs more than the cookie.
 */
const TERMS = { path: '/admin', httpOnly: true, sameSite: 'lax' } as const;

const read = (request: Request, name: string): string | undefined =>
  parseCookie(request.header('cookie') ?? '')[name];

function set(response: Response, cookie: SetCookie): void {
  response.append('Set-Cookie', stringifySetCookie({ ...TERMS, ...cookie }));
}

export const sessionToken = (request: Request): string | undefined => read(request, SESSION);

/** Until the browser is closed; the server decides when it is over. @param secure never over plain HTTP. */
export const giveSession = (response: Response, token: string, secure: boolean): void =>
  set(response, { name: SESSION, value: token, secure });

export const takeSession = (response: Response): void =>
  set(response, { name: SESSION, value: '', maxAge: 0 });

const MESSAGE_SECONDS = 60;
const MAX_MESSAGE = 1000;

/** Something to tell on the next page. */
export const keepMessage = (response: Response, { kind, text }: Message): void =>
  set(response, { name: MESSAGE, value: `${kind} ${text}`.slice(0, MAX_MESSAGE), maxAge: MESSAGE_SECONDS });

export function takeMessage(request: Request): Message | undefined {
  const [, kind, text] = /^(good|bad) (.+)$/s.exec(read(request, MESSAGE) ?? '') ?? [];
  return text === undefined ? undefined : { kind: kind === 'good' ? 'good' : 'bad', text };
}

export const clearMessage = (response: Response): void =>
  set(response, { name: MESSAGE, value: '', maxAge: 0 });
