import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';

import { HttpReceiver } from '../support/http-receiver.ts';
import { house, KEY } from '../support/house.ts';
import { World } from '../support/world.ts';

let world: World;

const start = async (settings: Record<string, string> = {}) => {
  world = await World.start({ settings: { RATE_LIMIT_PER_MINUTE: '1000', ...settings } });
};

/** Raises an alarm that is to be told to this address. @returns what became of it. */
const tell = async (address: string) => {
  world.clock.advance(20);
  await world.seed(house([{ id: 'target', channel: 'webhook', address }]));
  const { body } = await world.press(KEY).expect(200);
  await world.settle();
  const [row] = await world.notifications(body.alarm_id);
  return row;
};

describe('a webhook address that somebody typed', () => {
  beforeAll(() => start());

  afterAll(() => world.stop());

  describe('inside our own network', () => {
    let insider: Server;
    let port: number;
    let connections: number;

    beforeAll(async () => {
      insider = createServer(() => (connections += 1)).listen(0, '::');
      await once(insider, 'listening');
      port = (insider.address() as AddressInfo).port;
    });

    beforeEach(() => {
      connections = 0;
    });

    afterAll(() => insider.close());

    it.each([
      ['as a number', '127.0.0.1'],
      ['as a name', 'localhost'],
      ['in another notation', '0x7f.1'],
      ['as one number', '2130706433'],
      ['as nothing in particular', '0.0.0.0'],
      ['as IPv6', '[::1]'],
      ['as IPv4 within IPv6', '[::ffff:127.0.0.1]'],
    ])('is not connected to, written %s', async (_how, host) => {
      const row = await tell(`http://${host}:${port}/`);

      expect(row).toMatchObject({
        status: 'failed',
        attempts: 1,
        reason: expect.stringContaining('WEBHOOK_ALLOWED_HOSTS'),
      });
      expect(row!.reason).not.toContain(String(port));
      expect(connections).toBe(0);
    });
  });

  it.each([
    'http://10.1.2.3/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00::1]/',
    'http://192.168.1.1/',
  ])('is not connected to when it is private: %s', async (address) => {
    expect(await tell(address)).toMatchObject({
      status: 'failed',
      attempts: 1,
      reason: expect.stringContaining('private'),
    });
  });

  it.each(['', 'not an address', 'ftp://files.example/', 'file:///etc/passwd', 'javascript:alert(1)'])(
    'is refused in words when it is none: "%s"',
    async (address) => {
      expect(await tell(address)).toMatchObject({
        status: 'failed',
        attempts: 1,
        reason: 'The target has no http or https address.',
      });
    },
  );
});

describe('a webhook address that is on the list of the operator', () => {
  afterEach(() => world.stop());

  it('is reached inside our own network when the operator lists it, by name or by number', async () => {
    const receiver = await HttpReceiver.start();
    const { port } = new URL(receiver.url);

    await start({ WEBHOOK_ALLOWED_HOSTS: 'Localhost' });
    expect(await tell(`http://localhost:${port}/`)).toMatchObject({ status: 'sent' });
    expect(await tell(`http://127.0.0.1:${port}/`)).toMatchObject({ status: 'failed' });
    await world.stop();

    await start({ WEBHOOK_ALLOWED_HOSTS: '10.9.9.9, 127.0.0.1' });
    expect(await tell(`http://127.0.0.1:${port}/`)).toMatchObject({ status: 'sent' });
    expect(receiver.count()).toBe(2);
    await receiver.close();
  });

  it('is not left for another one the receiver points to', async () => {
    const elsewhere = await HttpReceiver.start();
    const receiver = await HttpReceiver.start();
    receiver.answer({ status: 307, headers: { location: `${elsewhere.url}/` } });

    await start({ WEBHOOK_ALLOWED_HOSTS: '127.0.0.1' });
    expect(await tell(receiver.url)).toMatchObject({
      status: 'failed',
      attempts: 1,
      reason: expect.stringContaining('307'),
    });
    expect(receiver.count()).toBe(1);
    expect(elsewhere.count()).toBe(0);
    await receiver.close();
    await elsewhere.close();
  });
});
