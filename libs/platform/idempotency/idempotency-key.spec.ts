import fc from 'fast-check';

import { BrokerError } from '../errors/broker-error.ts';
import { idempotencyKey } from './idempotency-key.ts';

describe('the header Idempotency-Key', () => {
  it.each([
    ['"8e03978e-40d5-43dd-bc93-6894a57f9324"', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['8e03978e-40d5-43dd-bc93-6894a57f9324', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['  "two words, one key"  ', 'two words, one key'],
    [String.raw`"a \"quoted\" \\ word"`, String.raw`a "quoted" \ word`],
    ['order:17/retry~2', 'order:17/retry~2'],
  ])('reads %s', (header, key) => {
    expect(idempotencyKey(header)).toBe(key);
  });

  it('may be left out', () => {
    expect(idempotencyKey(undefined)).toBeUndefined();
  });

  it.each([
    ['nothing', ''],
    ['an empty string', '""'],
    ['blanks', '   '],
    ['half a string', '"open'],
    ['two of them', '"one", "two"'],
    ['two bare ones', 'one, two'],
    ['a string with parameters', '"one";q=1'],
    ['an escape that is none', String.raw`"a\n"`],
    ['blanks between bare words', 'two words'],
    ['other than ASCII', '"schlüssel"'],
    ['a control character', '"a\u0007"'],
    ['too long a key', `"${'x'.repeat(256)}"`],
  ])('is refused with %s', (_what, header) => {
    expect(() => idempotencyKey(header)).toThrow(BrokerError);
  });

  it('takes whatever a client writes by the rules of structured fields', () => {
    const printable = fc.string({
      unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
      minLength: 1,
      maxLength: 255,
    });
    fc.assert(
      fc.property(printable, (key) => {
        expect(idempotencyKey(`"${key.replace(/["\\]/g, String.raw`\$&`)}"`)).toBe(key);
      }),
    );
  });
});
