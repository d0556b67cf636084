import {
  ValidationPipe,
  type ArgumentMetadata,
  type Type,
  type ValidationError,
  type ValidationPipeOptions,
} from '@nestjs/common';

import { invalid, type BrokerError, type Violation } from '../errors/broker-error.ts';
import { isStorable } from '../storable-text.ts';

/** Deeper than anything we understand, and than a hostile body may make us descend. */
const MAX_DEPTH = 20;

function flatten(errors: readonly ValidationError[], parent = ''): Violation[] {
  return errors.flatMap((error) => {
    const pointer = `${parent}/${error.property}`;
    const own = Object.values(error.constraints ?? {}).map((detail) => ({ pointer, detail }));
    return [...own, ...flatten(error.children ?? [], pointer)];
  });
}

/** Places whose text could not be stored, which would only be noticed in the database, or whose name leads astray. */
function unusable(value: unknown, pointer = '', depth = 0): Violation[] {
  if (typeof value === 'string') {
    return isStorable(value) ? [] : [{ pointer, detail: 'contains a character that cannot be stored' }];
  }
  if (typeof value !== 'object' || value === null) return [];
  if (depth === MAX_DEPTH) return [{ pointer, detail: 'is nested too deeply' }];
  return Object.entries(value).flatMap(([key, item]) =>
    // The library that reads bodies asks an object for its constructor, and believes what it says.
    key === 'constructor'
      ? [{ pointer: `${pointer}/${key}`, detail: 'is no name for a field' }]
      : unusable(item, `${pointer}/${key}`, depth + 1),
  );
}

/** Turns class-validator's findings into a refusal that names each place. */
export const invalidRequest = (errors: readonly ValidationError[]): BrokerError => invalid(flatten(errors));

class RequestValidation extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const metatype = this.expectedType ?? metadata.metatype;
    const violations = this.toValidate({ ...metadata, metatype }) ? unusable(value) : [];
    if (violations.length > 0) throw invalid(violations);
    return super.transform(value, metadata);
  }
}

const OPTIONS: ValidationPipeOptions = {
  transform: true,
  whitelist: true,
  forbidNonWhitelisted: true,
  exceptionFactory: invalidRequest,
};

/** Checks bodies and queries against their DTO: unknown fields are refused on write, numbers parsed in queries. */
export const requestValidation = (): ValidationPipe => new RequestValidation(OPTIONS);

/** The same for a body whose class is known where the handler is made, not where it is written. */
export const validBody = (type: Type<object>): ValidationPipe =>
  new RequestValidation({ ...OPTIONS, expectedType: type });
