import { HttpReceiver } from '../../../../test/support/http-receiver.ts';
import { exchange } from '../gateway.ts';
import { publicAgent, refusePrivateLiteral } from './public-addresses.ts';

const FORBIDDEN = expect.objectContaining({ options: { retry: 'no', reason: 'forbidden-address' } });

describe('an address written as a number', () => {
  it.each([
    ['loopback', 'http://127.0.0.1/'],
    ['loopback anywhere', 'http://127.200.3.4:8080/'],
    ['loopback, shortened', 'http://127.1/'],
    ['loopback, decimal', 'http://2130706433/'],
    ['loopback, hexadecimal', 'http://0x7f000001/'],
    ['loopback, octal', 'http://0177.0.0.1/'],
    ['loopback, in circles', 'http://①②⑦.⓪.⓪.①/'],
    ['loopback with a dot', 'http://127.0.0.1./'],
    ['loopback, IPv6', 'http://[::1]/'],
    ['loopback, IPv4 as IPv6', 'http://[::ffff:127.0.0.1]/'],
    ['loopback, NAT64', 'http://[64:ff9b::127.0.0.1]/'],
    ['loopback, 6to4', 'http://[2002:7f00:1::]/'],
    ['this host', 'http://0.0.0.0/'],
    ['this host, shortened', 'http://0/'],
    ['this host, IPv6', 'http://[::]/'],
    ['private', 'http://10.1.2.3/'],
    ['private', 'https://172.16.0.1/'],
    ['private', 'https://192.168.1.1/'],
    ['private, IPv6', 'http://[fd00::1]/'],
    ['private, IPv4 as IPv6', 'http://[::ffff:10.0.0.1]/'],
    ['shared by a provider', 'http://100.64.0.1/'],
    ['link-local', 'http://169.254.7.7/'],
    ['link-local, IPv6', 'http://[fe80::1]/'],
    ['the metadata of a cloud', 'http://169.254.169.254/latest/meta-data/'],
    ['the metadata of a cloud, IPv6', 'http://[fd00:ec2::254]/'],
    ['a group', 'http://224.0.0.1/'],
    ['everybody', 'http://255.255.255.255/'],
  ])('is refused when it is %s: %s', (_kind, url) => {
    expect(() => refusePrivateLiteral(url, [])).toThrow(FORBIDDEN);
  });

  it.each(['https://93.184.215.14/', 'http://172.32.0.1/', 'https://[2606:4700:4700::1111]:8443/x'])(
    'is let through when it is public: %s',
    (url) => {
      expect(() => refusePrivateLiteral(url, [])).not.toThrow();
    },
  );

  it.each([
    ['http://127.0.0.1:9000/', '127.0.0.1'],
    ['http://2130706433/', '127.0.0.1'],
    ['http://[::1]:9000/', '::1'],
    ['http://[::1]:9000/', '[::1]'],
    ['http://[fd00::a]/', 'FD00::A'],
  ])('is let through when the operator lists it: %s', (url, listed) => {
    expect(() => refusePrivateLiteral(url, ['other.example', listed])).not.toThrow();
  });

  it('is refused when only its neighbour is listed', () => {
    expect(() => refusePrivateLiteral('http://10.0.0.1/', ['10.0.0.2', '10.0.0.10'])).toThrow(FORBIDDEN);
  });
});

describe('a name', () => {
  let receiver: HttpReceiver;

  beforeAll(async () => {
    receiver = await HttpReceiver.start();
  });

  afterAll(() => receiver.close());

  /** `localhost` is a name like any other, and one that resolves to ourselves everywhere. */
  const send = async (allowed: readonly string[]) => {
    const url = receiver.url.replace('127.0.0.1', 'LocalHost');
    const call = { method: 'POST' as const, url, headers: {}, body: '' };
    const agent = publicAgent(allowed);
    try {
      return await exchange(call, agent, new AbortController().signal);
    } finally {
      await agent.close();
    }
  };

  it('that leads to ourselves is not connected to', async () => {
    await expect(send([])).rejects.toEqual(FORBIDDEN);
    await expect(send(['other.example', '10.0.0.1'])).rejects.toEqual(FORBIDDEN);
    expect(receiver.requests).toEqual([]);
  });

  it('may lead to ourselves when the operator lists the name', async () => {
    expect(await send(['LOCALHOST'])).toMatchObject({ status: 200 });
  });

  it('may lead to ourselves when the operator lists the address', async () => {
    expect(await send(['127.0.0.1'])).toMatchObject({ status: 200 });
  });
});
