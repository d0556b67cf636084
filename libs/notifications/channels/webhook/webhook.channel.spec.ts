import { createHmac } from 'node:crypto';

import { signWebhook } from './webhook.channel.ts';

describe('the signature of a webhook', () => {
  it('is the one of the Standard Webhooks test vector', () => {
    const signature = signWebhook(
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      1614265330,
      '{"test": 2432232314}',
    );

    expect(signature).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('uses a secret without whsec_ as it is written, byte by byte', () => {
    const key = Buffer.from([0x70, 0xc3, 0xa4, 0x73, 0x73]); // "päss" in UTF-8
    const signed = Buffer.from('0190-abc.1772438400.{"text":"Bürotür"}', 'utf8');

    expect(signWebhook('päss', '0190-abc', 1772438400, '{"text":"Bürotür"}')).toBe(
      `v1,${createHmac('sha256', key).update(signed).digest('base64')}`,
    );
  });

  it('is another one for another id, time, body or secret', () => {
    const signatures = [
      signWebhook('secret', 'id', 1, 'body'),
      signWebhook('secret', 'id2', 1, 'body'),
      signWebhook('secret', 'id', 2, 'body'),
      signWebhook('secret', 'id', 1, 'body2'),
      signWebhook('secret2', 'id', 1, 'body'),
    ];

    expect(new Set(signatures).size).toBe(signatures.length);
  });
});
