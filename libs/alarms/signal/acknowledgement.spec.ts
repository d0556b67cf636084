import { isAcknowledgingEmoji, isAcknowledgingText } from './acknowledgement.ts';

describe('a reaction acknowledges', () => {
  it.each(['👍', '👍🏻', '👍🏽', '👍🏿', '👍️', '✅', '✅️'])('as %s', (emoji) => {
    expect(isAcknowledgingEmoji(emoji)).toBe(true);
  });

  it.each(['👎', '❤️', '😢', '🏽', '', 'ok', '👍👎'])('not as %j', (emoji) => {
    expect(isAcknowledgingEmoji(emoji)).toBe(false);
  });
});

describe('a reply acknowledges', () => {
  it.each([
    'ok',
    ' OK! ',
    'Okay.',
    'ack',
    '👍',
    '👍🏽👍🏽',
    'Ok 👍🏿',
    'Übernehme',
    'U\u0308bernehme',
    'ich  übernehme.',
    'ich uebernehme',
    'KOMME!!',
    'Bin unterwegs',
    "I'm coming",
    'I’m coming',
    'on my way ✅',
  ])('as %j', (text) => {
    expect(isAcknowledgingText(text)).toBe(true);
  });

  it.each([
    'ok?',
    'nicht ok',
    'not ok',
    'komme nicht',
    'komme später',
    'wer übernimmt',
    'ok 👎',
    '',
    ' ',
    '...',
    'no',
    'nein',
    '?',
  ])('not as %j', (text) => {
    expect(isAcknowledgingText(text)).toBe(false);
  });
});
