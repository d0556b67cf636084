import { ValidationPipe, type ValidationError } from '@nestjs/common';

import { BrokerError, type Violation } from '../errors/broker-error.ts';

function flatten(errors: readonly ValidationError[], parent = ''): Violation[] {
  return errors.flatMap((error) => {
    const pointer = `${parent}/${error.property}`;
    const own = Object.values(error.constraints ?? {}).map((detail) => ({ pointer, detail }));
    return [...own, ...flatten(error.children ?? [], pointer)];
  });
}

/** Turns class-validator's findings into a refusal that names each place. */
export const invalidRequest = (errors: readonly ValidationError[]): BrokerError => {
  const violations = flatten(errors);
  const first = violations[0];
  return new BrokerError(
    'invalid',
    'request.invalid',
    first ? `${first.pointer.slice(1).replaceAll('/', '.')}: ${first.detail}` : 'The request is not valid.',
    { violations },
  );
};

/** Checks bodies and queries against their DTO: unknown fields are refused on write, numbers parsed in queries. */
export const requestValidation = (): ValidationPipe =>
  new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    exceptionFactory: invalidRequest,
  });
