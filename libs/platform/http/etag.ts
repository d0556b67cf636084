import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { Request } from 'express';

import { BrokerError } from '../errors/broker-error.ts';
import { Problems } from './openapi.ts';

/**
 * The strong entity tag (RFC 9110) of one version of a thing. `born` tells it from another thing that had the
 * same name earlier; leave it out where names are never used again.
 */
export const entityTag = (version: number, born?: Date): string =>
  born === undefined ? `"${version}"` : `"${version}-${born.getTime().toString(36)}"`;

type Tags = '*' | readonly { readonly tag: string; readonly weak: boolean }[];

/** One tag of a list, with the comma that ends it; empty elements are allowed. */
const ELEMENT = /[\t ,]*(?:(W\/)?("[\x21\x23-\x7e\x80-\xff]*"))?[\t ]*(?:,|$)/y;

/** @throws BrokerError `request.precondition` for what is no list of entity tags. */
function parseTags(header: string, value: string | undefined): Tags | undefined {
  if (value === undefined) return undefined;
  if (value.trim() === '*') return '*';
  const tags: { tag: string; weak: boolean }[] = [];
  ELEMENT.lastIndex = 0;
  while (ELEMENT.lastIndex < value.length) {
    const found = ELEMENT.exec(value);
    if (found === null) break;
    const [, weak, tag] = found;
    if (tag !== undefined) tags.push({ tag, weak: weak !== undefined });
    if (ELEMENT.lastIndex === value.length && tags.length > 0) return tags;
  }
  throw new BrokerError(
    'malformed',
    'request.precondition',
    `${header}: must be * or entity tags in quotation marks, as they were given out in ETag.`,
  );
}

/** What a client wants to be true of a thing for its change to be made: `If-Match`, `If-None-Match`, or nothing. */
export class Precondition {
  static readonly NONE = new Precondition(undefined, undefined);

  private constructor(
    private readonly ifMatch: Tags | undefined,
    private readonly ifNoneMatch: Tags | undefined,
  ) {}

  /** @throws BrokerError `request.precondition` for headers that cannot be understood. */
  static of(headers: { ifMatch?: string | undefined; ifNoneMatch?: string | undefined }): Precondition {
    return new Precondition(
      parseTags('If-Match', headers.ifMatch),
      parseTags('If-None-Match', headers.ifNoneMatch),
    );
  }

  /** @param tag of the thing as it is; nothing when there is no such thing. */
  isMetBy(tag: string | undefined): boolean {
    const { ifMatch, ifNoneMatch } = this;
    if (ifMatch !== undefined) {
      if (tag === undefined) return false;
      // A weak tag promises too little to change something by it.
      if (ifMatch !== '*' && !ifMatch.some((one) => !one.weak && one.tag === tag)) return false;
    }
    if (ifNoneMatch === undefined || tag === undefined) return true;
    return ifNoneMatch !== '*' && !ifNoneMatch.some((one) => one.tag === tag);
  }

  /** @param noun as in `alarm.outdated`. @throws BrokerError `<noun>.outdated` (412) */
  require(noun: string, tag: string | undefined): void {
    if (this.isMetBy(tag)) return;
    const detail =
      tag === undefined
        ? `There is no such ${noun} (any more).`
        : this.ifMatch === undefined
          ? `There is such a ${noun} already.`
          : `The ${noun} has been changed meanwhile; read it again.`;
    throw new BrokerError('outdated', `${noun}.outdated`, detail);
  }
}

/** The {@link Precondition} of a request, as a parameter of its handler. */
export const SentPrecondition = createParamDecorator(
  (_: unknown, context: ExecutionContext): Precondition => {
    const request = context.switchToHttp().getRequest<Request>();
    return Precondition.of({
      ifMatch: request.header('if-match'),
      ifNoneMatch: request.header('if-none-match'),
    });
  },
);

/** Documents a handler that takes a {@link SentPrecondition}. */
export const Conditional = (): MethodDecorator & ClassDecorator =>
  applyDecorators(
    ApiHeader({
      name: 'If-Match',
      required: false,
      description: 'Change only this version: the ETag it was read with, several of them, or *.',
      schema: { type: 'string', example: '"3"' },
    }),
    Problems(400, 412),
  );

/** Documents a handler that can also be told to create only. */
export const ConditionalCreation = (): MethodDecorator & ClassDecorator =>
  applyDecorators(
    Conditional(),
    ApiHeader({
      name: 'If-None-Match',
      required: false,
      description: '* creates only: refused when there is such a thing already.',
      schema: { type: 'string', example: '*' },
    }),
  );

/** The header of an answer that carries a tag, as documented. */
export const ETAG_HEADER = {
  ETag: {
    description: 'The version, for If-Match. It covers what can be edited.',
    required: true,
    schema: { type: 'string' as const, example: '"3"' },
  },
};
