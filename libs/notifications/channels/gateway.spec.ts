import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';

import { Agent } from 'undici';

import { failureOf } from '../../../test/support/channel-message.ts';
import { MisbehavingHttpServer } from '../../../test/support/emulators/misbehaving.ts';
import { freePort } from '../../../test/support/free-port.ts';
import { HttpReceiver } from '../../../test/support/http-receiver.ts';
import {
  exchange,
  explainedBy,
  GatewayRefusal,
  parseRetryAfter,
  trustedAgent,
  type GatewayAnswer,
} from './gateway.ts';
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
  const failure = (attempt: Promise<GatewayAnswer>) => failureOf(attempt);

  it('asks for nothing a small answer does not need', async () => {
    await send();

    expect(Object.keys(gateway.requests[0]!.headers).sort()).toEqual([
      'authorization',
      'connection',
      'content-length',
      'host',
    ]);
  });

  it('takes user and password from the address, and out of it', async () => {
    const url = `${gateway.url.replace('//', '//alarm:pa%20ss@')}/send?key=secret`;
    await exchange({ method: 'PUT', url, headers: {}, body: '' }, agent, AbortSignal.timeout(5000));

    expect(gateway.requests[0]).toMatchObject({
      method: 'PUT',
      url: '/send?key=secret',
      headers: { authorization: `Basic ${Buffer.from('alarm:pa ss').toString('base64')}` },
    });
  });

  it.each(['http://secret:p%zz@127.0.0.1/', 'http://', 'secret'])(
    'does not try again with an address that is none: %s',
    async (url) => {
      expect((await failure(send(url))).options).toEqual({ retry: 'no', reason: 'refused' });
    },
  );

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
      send().catch(
        explainedBy((status, text) => {
          heard.push([status, text]);
          return meaning;
        }),
      );

    expect(await failure(explained(later))).toBe(later);
    expect((await failure(explained(undefined))).options).toEqual({ retry: 'no', reason: 'refused' });
    expect(heard).toEqual(Array(2).fill([400, 'come back later']));
    gateway.answer({ status: 201 });
    expect((await explained(later)).status).toBe(201);
  });

  it('needs no more than the beginning of an answer that has no end, and hangs up', async () => {
    const endless = await MisbehavingHttpServer.start();
    endless.behaviour = 'huge answer';

    const { status, text } = await send(endless.url);
    expect(status).toBe(200);
    expect(text.length).toBeLessThanOrEqual(64 * 1024);
    await endless.left();

    await endless.close();
  });

  it('does not wait for the end of an answer longer than its time, and hangs up', async () => {
    const slow = await MisbehavingHttpServer.start();
    slow.behaviour = 'slow body';
    const time = new AbortController();
    slow.onStuck = () => time.abort();

    expect((await failure(send(slow.url, time.signal))).options).toEqual({
      retry: 'ambiguous',
      reason: 'timeout',
    });
    await slow.left();

    await slow.close();
  });

  it('takes a refusal for a refusal though it could not be read', async () => {
    const torn = createServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 422 No\r\ncontent-length: 100\r\n\r\n{"err'));
    }).listen(0, '127.0.0.1');
    await once(torn, 'listening');

    const error = await failure(send(`http://127.0.0.1:${(torn.address() as AddressInfo).port}/`));
    expect(error).toBeInstanceOf(GatewayRefusal);
    expect(error.options).toEqual({ retry: 'no', reason: 'refused' });

    torn.close();
  });

  it('shows the words of a refusal to the channel alone', async () => {
    gateway.answer({ status: 400, body: 'secret details' });

    const error = (await failure(send())) as GatewayRefusal;
    expect(error.answer).toEqual({ status: 400, text: 'secret details' });
    expect(inspect(error)).not.toContain('secret details');
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

  it('gives up a server that cannot be connected to: nothing can have arrived', async () => {
    const time = new AbortController();
    const lost = new Agent({ connect: { lookup: () => time.abort() } });
    const call = { method: 'POST', url: 'http://gateway.invalid/', headers: {}, body: '' } as const;

    const began = performance.now();
    expect(await failure(exchange(call, lost, time.signal))).toMatchObject({
      message: 'No connection within the time limit.',
      options: { retry: 'yes', reason: 'timeout' },
    });
    expect((await failure(exchange(call, lost, time.signal))).options.retry).toBe('yes');
    expect(performance.now() - began).toBeLessThan(3000);
    await lost.destroy();
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
