import type { RawBodyRequest } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';

import { BrokerError } from '../errors/broker-error.ts';

/** Deeper than anything we read, far less deep than what makes a recursive reader run out of stack. */
export const MAX_JSON_DEPTH = 32;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** How deep the brackets of a JSON text are nested. Looks at bytes, so that nothing is walked through. */
export function jsonDepth(text: Uint8Array): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i += 1) {
    const byte = text[i] ?? 0;
    if (inString) {
      if (byte === BACKSLASH) i += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (OPENING.has(byte)) deepest = Math.max(deepest, ++depth);
    else if (CLOSING.has(byte)) depth -= 1;
  }
  return deepest;
}

/** Refuses, with 400, what is nested too deeply. Needs the raw body, which the parser keeps. */
export function refuseDeepJson(
  request: RawBodyRequest<Request>,
  _response: Response,
  next: NextFunction,
): void {
  if (request.rawBody === undefined || !request.is('json') || jsonDepth(request.rawBody) <= MAX_JSON_DEPTH)
    next();
  else
    next(
      new BrokerError(
        'malformed',
        'request.too-deep',
        `The body is nested more than ${MAX_JSON_DEPTH} levels deep.`,
      ),
    );
}
