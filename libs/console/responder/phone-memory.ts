import { parseCookie } from 'cookie';
import type { CookieOptions, Request, Response } from 'express';

import { MAX_ACTOR } from '#alarms';
import { cleanLine } from '#platform';

import type { Trace } from './visit.ts';

const NAME = 'responder_name';
const TRACE = 'responder_trace';
const DAY_MS = 24 * 3600 * 1000;

/**
 * What a phone remembers between two alarms, without a script: the name typed in last, and for each link what was done
 * with it. Both only ever fill in what the page shows; they permit nothing. SameSite is lax, because a strict cookie
 * would be missing when the link is opened from a web mailbox.
 */
export class PhoneMemory {
  private readonly options: CookieOptions;
  private readonly cookies: Readonly<Record<string, string | undefined>>;

  constructor(
    request: Request,
    private readonly response: Response,
    { secure }: { readonly secure: boolean },
  ) {
    this.options = { httpOnly: true, sameSite: 'lax', secure };
    this.cookies = parseCookie(request.headers.cookie ?? '');
  }

  get name(): string | null {
    return cleanLine(this.cookies[NAME] ?? '', MAX_ACTOR, ' ') || null;
  }

  get trace(): Trace | undefined {
    const word = this.cookies[TRACE];
    return word === 'answered' || word === 'came' ? word : undefined;
  }

  /** A name that was taken out of its field is forgotten. */
  keepName(name: string | null): void {
    const options = { ...this.options, path: '/a' };
    if (name === null) this.response.clearCookie(NAME, options);
    else this.response.cookie(NAME, name, { ...options, maxAge: 180 * DAY_MS });
  }

  keepTrace(token: string, trace: Trace): void {
    this.response.cookie(TRACE, trace, { ...this.options, path: `/a/${token}`, maxAge: DAY_MS });
  }
}
