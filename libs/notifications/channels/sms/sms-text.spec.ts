import fc from 'fast-check';

import { toGsm } from '../../gsm-alphabet.ts';
import { fitted, smsSize } from './sms-text.ts';

const LINK = 'https://alarm.example.org/a/k3Jx_9-0123456789abcdefghij';
const anyText = fc.string({ unit: 'grapheme', maxLength: 700 });
const gsmText = anyText.map(toGsm);

describe('the size of an SMS', () => {
  it.each([
    ['', 1],
    ['a'.repeat(160), 1],
    ['a'.repeat(161), 2],
    ['a'.repeat(306), 2],
    ['a'.repeat(307), 3],
    ['äöüßÄÖÜ§à@£$¥'.repeat(12), 1],
    ['€'.repeat(80), 1],
    ['€'.repeat(81), 2],
    // 76 pairs make 152 of 153 septets, and the last one stays empty.
    ['€'.repeat(152), 2],
    ['€'.repeat(153), 3],
    [`${'a'.repeat(159)}[`, 2],
  ])('in the GSM alphabet: %#', (text, segments) => {
    expect(smsSize(text)).toEqual({ alphabet: 'gsm', segments });
  });

  it.each([
    ['–', 1],
    ['–'.repeat(70), 1],
    ['–'.repeat(71), 2],
    ['–'.repeat(134), 2],
    ['–'.repeat(135), 3],
    ['🔥'.repeat(35), 1],
    ['🔥'.repeat(36), 2],
    // 33 pairs make 66 of 67 units.
    ['🔥'.repeat(66), 2],
    ['🔥'.repeat(67), 3],
    ['`', 1],
  ])('outside of it: %#', (text, segments) => {
    expect(smsSize(text)).toEqual({ alphabet: 'ucs2', segments });
  });
});

describe('a text in the GSM alphabet', () => {
  it.each([
    ['Größe: ÄÖÜäöüß', 'Größe: ÄÖÜäöüß'],
    ['a\u0308o\u0308', 'äö'],
    ['„Hof“ – ‚Tor‘ … 5 €', '"Hof" - \'Tor\' ... 5 €'],
    ['Łódź, Žižek, Çelik, façade', 'Lodz, Zizek, Çelik, facade'],
    ['Москва 東京', 'Moskva DongJing'],
    ['`x` \u00a0y\tz', "'x'  y z"],
    ['\u0000\u200b\u202e\ufeffx\ud800', 'x'],
  ])('%j becomes %j', (text, expected) => {
    expect(toGsm(text)).toBe(expected);
  });

  it('has no other character, whatever it was made of, and does not change any more', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.string({ unit: 'binary' })), (text) => {
        const gsm = toGsm(text);
        expect(smsSize(gsm).alphabet).toBe('gsm');
        expect(toGsm(gsm)).toBe(gsm);
      }),
    );
  });
});

describe('a text that is too long', () => {
  it('loses its middle, and neither its mark nor its link', () => {
    const text = `SIMULATION - not a real alarm. ALARM P0 ${'Room '.repeat(90)}. Acknowledge: ${LINK}`;

    const short = fitted(text, 2);
    expect(short).toMatch(/^SIMULATION - not a real alarm\. ALARM P0 Room Room .*Ro\w*\.\.\. https:/);
    expect(short.endsWith(`... ${LINK}`)).toBe(true);
    expect(smsSize(short).segments).toBe(2);
    expect(short.length).toBeGreaterThan(295);
  });

  it('is left alone as long as it fits', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.integer({ min: 1, max: 4 }), (text, max) => {
        expect(fitted(text, max)).toBe(text);
      }),
    );
  });

  it('takes no more SMS than allowed, keeps its beginning and its link, and is not shortened twice', () => {
    const texts = fc.oneof(gsmText, anyText);
    fc.assert(
      fc.property(texts, fc.boolean(), fc.integer({ min: 2, max: 4 }), (words, hasLink, max) => {
        const text = hasLink ? `${words} ${LINK}` : words;
        const short = fitted(text, max);

        expect(smsSize(short).segments).toBeLessThanOrEqual(max);
        if (hasLink) expect(short.endsWith(LINK)).toBe(true);
        const beginning = [...text].slice(0, 40).join('').trimEnd();
        expect(short.startsWith(beginning) || short === text).toBe(true);
        expect(fitted(short, max)).toBe(short);
      }),
    );
  });

  it('keeps a link that alone is too long: without it nobody can answer', () => {
    const link = `https://alarm.example.org/${'x'.repeat(400)}`;

    expect(fitted(`ALARM ${'y'.repeat(100)} ${link}`, 2)).toBe(`ALARM ${'y'.repeat(34)}... ${link}`);
  });
});
