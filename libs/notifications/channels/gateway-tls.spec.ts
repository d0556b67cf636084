import { Agent } from 'undici';

import { selfSigned } from '../../../test/support/certificate.ts';
import { failureOf } from '../../../test/support/channel-message.ts';
import { MisbehavingHttpServer } from '../../../test/support/emulators/misbehaving.ts';
import { HttpReceiver } from '../../../test/support/http-receiver.ts';
import { CONNECTIONS, exchange, trustedAgent } from './gateway.ts';

describe('an exchange over TLS', () => {
  const call = (url: string) => ({ method: 'POST', url, headers: {}, body: 'hello' }) as const;
  const send = async (server: MisbehavingHttpServer, ca?: string) => {
    const agent = new Agent({ ...CONNECTIONS, connect: ca === undefined ? {} : { ca } });
    try {
      return await exchange(call(server.url), agent, AbortSignal.timeout(5000));
    } finally {
      await agent.destroy();
      await server.close();
    }
  };

  it('works with a certificate that is trusted', async () => {
    const certificate = selfSigned();
    const server = await MisbehavingHttpServer.start('{"id":1}', certificate);

    expect(await send(server, certificate.cert)).toEqual({ status: 200, text: '{"id":1}' });
  });

  it.each([
    [
      'nobody vouches for',
      {},
      false,
      /^The certificate of the server is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)\.$/,
    ],
    [
      'is for another name',
      { name: 'other.example' },
      true,
      /^The certificate of the server is for another name\.$/,
    ],
    [
      'has expired',
      { notAfter: new Date(1e12), notBefore: new Date(9e11) },
      true,
      /^The certificate of the server has expired\.$/,
    ],
    [
      'is not valid yet',
      { notBefore: new Date(Date.now() + 3_600_000) },
      true,
      /^The certificate of the server is not valid yet\.$/,
    ],
  ])('sends nothing to a server whose certificate %s', async (_why, wishes, isTrusted, words) => {
    const certificate = selfSigned(wishes);
    const server = await MisbehavingHttpServer.start('{}', certificate);

    const error = await failureOf(send(server, isTrusted ? certificate.cert : undefined));
    expect(error.message).toMatch(words);
    expect(error.options).toEqual({ retry: 'yes', reason: 'network' });
    expect(server.requests).toBe(0);
  });

  it('sends nothing to a server that does not speak it', async () => {
    const server = await HttpReceiver.start();
    const agent = trustedAgent();
    const url = server.url.replace('http:', 'https:');

    const error = await failureOf(exchange(call(url), agent, AbortSignal.timeout(5000)));
    expect(error.message).toMatch(/^No encrypted connection could be agreed on \(\w+\)\.$/);
    expect(error.options).toEqual({ retry: 'yes', reason: 'network' });
    await agent.destroy();
    await server.close();
  });
});
