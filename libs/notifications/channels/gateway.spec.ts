import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';

import { freePort } from '../../../test/support/free-port.ts';
import { HttpReceiver } from '../../../test/support/http-receiver.ts';
import { exchange, parseRetryAfter, trustedAgent, type AnswerError, type GatewayAnswer } from './gateway.ts';
import { ChannelError } from './notification-channel.ts';

describe('an exchange with a gateway', () => {
  const agent = trustedAgent();
  let gateway: HttpReceiver;

  beforeEach(async () => {
    gateway = await HttpReceiver.start();
  });

  afterEach(() => gateway.close());
  afterAll(() => agent.close());

  const send = (url = `${gateway.url}/send?key=secret`, signal = new AbortController().signal) =>
    exchange(
      { method: 'POST', url, headers: { authorization: 'Bearer secret' }, body: 'hello' },
      agent,
      signal,
    );
  /** How it failed. Whatever it was, its words are stored and shown. */
  const failure = async (attempt: Promise<GatewayAnswer>): Promise<ChannelError> => {
    const error: unknown = await attempt.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof ChannelError)) throw new Error(`no ChannelError but ${String(error)}`);
    expect(error.message).not.toMatch(/secret|127\.0\.0\.1|localhost|:\/\//);
    return error;
  };

  it('sends what it was given and returns the answer', async () => {
    gateway.answer({ status: 202, body: 'queued' });

    expect(await send()).toEqual({ status: 202, text: 'queued' });
    expect(gateway.requests).toMatchObject([
      { method: 'POST', url: '/send?key=secret', headers: { authorization: 'Bearer secret' } },
    ]);
    expect(gateway.requests[0]?.body.toString()).toBe('hello');
  });

  it('does not follow a redirect: a message may not go where nobody sent it', async () => {
    gateway.answer({ status: 307, headers: { location: '/elsewhere' } });

    expect(await failure(send())).toMatchObject({
      message: 'The server answered 307 Temporary Redirect.',
      options: { retry: 'no', reason: 'refused' },
    });
    expect(gateway.count()).toBe(1);
  });

  it.each([400, 401, 403, 404, 410, 422])('does not try again after %d', async (status) => {
    gateway.answer({ status, body: 'secret details', headers: { 'retry-after': '5' } });

    expect((await failure(send())).options).toEqual({ retry: 'no', reason: 'refused' });
  });

  it.each([408, 425, 429])('tries again after %d, when the server wants it to', async (status) => {
    gateway.answer({ status, headers: { 'retry-after': '120' } });

    expect((await failure(send())).options).toEqual({
      retry: 'yes',
      reason: 'limited',
      retryAfterSeconds: 120,
    });
  });

  it.each([500, 502, 503, 504, 599])('tries again after %d', async (status) => {
    gateway.answer({ status, body: 'secret stack trace' });

    expect((await failure(send())).options).toMatchObject({ retry: 'yes', reason: 'server-error' });
  });

  it('hands on what a refusing server said, though neither in its words nor to a log', async () => {
    gateway.answer({ status: 422, body: 'secret details' });

    const error = await failure(send());
    expect((error as AnswerError).answer).toEqual({ status: 422, text: 'secret details' });
    expect(inspect({ ...error }) + inspect(error)).not.toContain('details');
  });

  it('reads as much as was asked for, where an answer is more than a receipt', async () => {
    gateway.answer({ body: 'x'.repeat(200_000) });

    const { text } = await exchange(
      { method: 'GET', url: gateway.url, headers: {}, body: '', maxAnswerBytes: 1 << 20 },
      agent,
      new AbortController().signal,
    );
    expect(text).toHaveLength(200_000);
    expect(gateway.requests[0]?.headers).not.toHaveProperty('content-length');
  });

  it('leaves it to who knows the server what a refusal means', async () => {
    gateway.answer({ status: 400, body: 'come back later' });
    const later = new ChannelError('It wants to be asked later.', { retry: 'yes', reason: 'limited' });
    const heard: [number, string][] = [];
    const explained = (meaning: ChannelError | undefined) =>
      exchange(
        {
          method: 'POST',
          url: gateway.url,
          headers: {},
          body: '',
          explain: (status, text) => {
            heard.push([status, text]);
            return meaning;
          },
        },
        agent,
        new AbortController().signal,
      );

    expect(await failure(explained(later))).toBe(later);
    expect((await failure(explained(undefined))).options).toEqual({ retry: 'no', reason: 'refused' });
    expect(heard).toEqual([
      [400, 'come back later'],
      [400, 'come back later'],
    ]);
    gateway.answer({ status: 201 });
    expect((await explained(later)).status).toBe(201);
  });

  it('needs no more than the beginning of an answer that has no end', async () => {
    const endless = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
        const pour = () => {
          while (socket.writable && socket.write(`2000\r\n${'x'.repeat(0x2000)}\r\n`));
        };
        socket.on('drain', pour);
        pour();
      });
    }).listen(0, '127.0.0.1');
    await once(endless, 'listening');
    const { port } = endless.address() as AddressInfo;

    const { status, text } = await send(`http://127.0.0.1:${port}/`);
    expect(status).toBe(200);
    expect(text.length).toBeLessThanOrEqual(64 * 1024);

    endless.close();
  });

  it('gives up when its time is over, and does not know whether the message arrived', async () => {
    gateway.hang();
    const time = new AbortController();
    const attempt = failure(send(undefined, time.signal));
    await gateway.next();
    time.abort(new DOMException('over', 'TimeoutError'));

    expect(await attempt).toMatchObject({
      message: 'No answer within the time limit.',
      options: { retry: 'ambiguous', reason: 'timeout' },
    });
  });

  it('tries again where nobody listens: nothing can have arrived', async () => {
    const attempt = send(`http://127.0.0.1:${await freePort()}/`);

    expect(await failure(attempt)).toMatchObject({
      message: 'The connection failed (ECONNREFUSED).',
      options: { retry: 'yes', reason: 'network' },
    });
  });

  it('tries again where a name cannot be found', async () => {
    const error = await failure(send('http://gateway.invalid/'));

    expect(error.options).toEqual({ retry: 'yes', reason: 'network' });
    expect(error.message).toMatch(/^The connection failed \((ENOTFOUND|EAI_AGAIN)\)\.$/);
  });

  it('does not know whether a message arrived whose connection broke', async () => {
    gateway.answer(() => 'reset');

    expect((await failure(send())).options).toMatchObject({ retry: 'ambiguous', reason: 'network' });
  });

  it('does not take a torn answer for a success', async () => {
    const torn = createServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"id'));
    }).listen(0, '127.0.0.1');
    await once(torn, 'listening');
    const { port } = torn.address() as AddressInfo;

    const { options } = await failure(send(`http://127.0.0.1:${port}/`));
    expect(options).toMatchObject({ retry: 'ambiguous', reason: 'network' });

    torn.close();
  });
});

describe('Retry-After', () => {
  const NOW = Date.parse('2026-03-02T08:00:00Z');

  it.each([
    ['120', 120],
    [' 0 ', 0],
    ['Mon, 02 Mar 2026 08:01:30 GMT', 90],
    ['Mon, 02 Mar 2026 07:59:00 GMT', 0],
    ['86400', 3600],
    ['Tue, 03 Mar 2026 08:00:00 GMT', 3600],
    ['9'.repeat(400), 3600],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%j means %p seconds', (value, seconds) => {
    expect(parseRetryAfter(value, NOW)).toBe(seconds);
  });
});
