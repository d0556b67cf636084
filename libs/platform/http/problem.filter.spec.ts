import { Controller, Get, HttpException, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import supertest from 'supertest';
import { QueryFailedError } from 'typeorm';

import { BrokerError, type ErrorCategory } from '../errors/broker-error.ts';
import { ProblemFilter } from './problem.filter.ts';

let toThrow: unknown;

@Controller()
class Thrower {
  @Get()
  get(): never {
    throw toThrow;
  }
}

@Module({ controllers: [Thrower] })
class ThrowerModule {}

describe('an error on its way out', () => {
  let app: NestExpressApplication;

  beforeAll(async () => {
    app = await NestFactory.create<NestExpressApplication>(ThrowerModule, { logger: false });
    app.useGlobalFilters(new ProblemFilter());
    await app.init();
  });

  afterAll(() => app.close());

  const answerTo = (error: unknown) => {
    toThrow = error;
    return supertest(app.getHttpServer()).get('/');
  };

  it.each<[ErrorCategory, number]>([
    ['malformed', 400],
    ['unauthorized', 401],
    ['forbidden', 403],
    ['not-found', 404],
    ['conflict', 409],
    ['invalid', 422],
    ['limited', 429],
    ['unavailable', 503],
  ])('is answered by its category: %s is %d', async (category, status) => {
    const { body, headers } = await answerTo(new BrokerError(category, 'noun.reason', 'A sentence.')).expect(
      status,
    );

    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(headers).not.toHaveProperty('retry-after');
    expect(body).toMatchObject({ type: 'about:blank', status, code: 'noun.reason', detail: 'A sentence.' });
    expect(body.title).not.toBe('Error');
  });

  it('says when to come back and what is wrong where', async () => {
    const violations = [{ pointer: '/name', detail: 'is missing' }];
    const options = { retryAfterSeconds: 7, violations };
    const { body } = await answerTo(new BrokerError('invalid', 'x.y', 'Bad.', options)).expect(
      'Retry-After',
      '7',
    );

    expect(body.errors).toEqual(violations);
  });

  it('says which limit was reached in the words of the RateLimit draft', async () => {
    const quota = { policy: 'device', limit: 10, windowSeconds: 60 };
    const { body } = await answerTo(
      new BrokerError('limited', 'x.limited', 'Too many.', { retryAfterSeconds: 17, quota }),
    )
      .expect(429)
      .expect('Retry-After', '17')
      .expect('RateLimit-Policy', '"device";q=10;w=60')
      .expect('RateLimit', '"device";r=0;t=17');

    expect(body).toMatchObject({
      type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
      code: 'x.limited',
      'violated-policies': ['device'],
    });
  });

  it('says that the database is away, also when TypeORM met it first', async () => {
    const lost = Object.assign(new Error('terminating connection'), { code: '57P01' });
    const { body } = await answerTo(new QueryFailedError('SELECT secret', [], lost))
      .expect(503)
      .expect('Retry-After', '2');

    expect(body).toMatchObject({ code: 'database.unavailable', status: 503 });
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  it('keeps what the framework refuses', async () => {
    const { body } = await answerTo(new HttpException('No such route.', 404)).expect(404);

    expect(body).toMatchObject({ title: 'Not found', detail: 'No such route.', code: 'request.refused' });
  });

  it.each([new Error('secret words'), 'secret words', undefined])(
    'says nothing of a fault: %p',
    async (fault) => {
      const { body } = await answerTo(fault).expect(500);

      expect(body).toMatchObject({
        code: 'internal',
        detail: 'Something went wrong here; it has been logged.',
      });
      expect(JSON.stringify(body)).not.toContain('secret');
    },
  );
});
