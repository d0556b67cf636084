import { readEnvelope } from './envelope.ts';

const notification = (envelope: unknown) => ({ jsonrpc: '2.0', method: 'receive', params: { envelope } });
const newsOf = (content: object) => readEnvelope(notification({ sourceNumber: '+491', ...content }))?.news;
const answer = (dataMessage: object) => newsOf({ dataMessage });

describe('a notification of signal-cli', () => {
  it('tells who did it, as far as Signal does', () => {
    const reaction = { emoji: '👍', targetSentTimestamp: 17, isRemove: false };
    const full = {
      source: '+491',
      sourceNumber: '+491',
      sourceUuid: 'a-uuid',
      sourceName: 'Eva',
      dataMessage: { reaction, groupInfo: { groupId: 'a-group', type: 'DELIVER' } },
    };
    const hidden = { source: 'a-uuid', sourceNumber: null, sourceUuid: 'a-uuid', dataMessage: { reaction } };

    expect(readEnvelope(notification(full))?.sender).toEqual({
      number: '+491',
      uuid: 'a-uuid',
      name: 'Eva',
      groupId: 'a-group',
    });
    expect(readEnvelope(notification(hidden))?.sender).toEqual({
      number: null,
      uuid: 'a-uuid',
      name: null,
      groupId: null,
    });
  });

  it('tells of reactions, replies and receipts', () => {
    expect(
      answer({
        message: null,
        reaction: { emoji: '👍', targetSentTimestamp: 17, targetAuthorNumber: '+490' },
      }),
    ).toEqual({
      kind: 'reaction',
      timestamp: '17',
      author: '+490',
      emoji: '👍',
    });
    expect(answer({ message: 'ok', quote: { id: 17 } })).toEqual({
      kind: 'reply',
      timestamp: '17',
      author: null,
      text: 'ok',
    });
    expect(newsOf({ receiptMessage: { isDelivery: true, timestamps: [17, 'x', 18, -1, 1.5] } })).toEqual({
      kind: 'receipt',
      timestamps: ['17', '18'],
    });
    expect(newsOf({ receiptMessage: { isRead: true, timestamps: [17] } })).toMatchObject({ kind: 'receipt' });
  });

  it('is understood as a subscription sends it, too', () => {
    const envelope = { dataMessage: { message: 'ok', quote: { id: 17 } } };

    expect(
      readEnvelope({ method: 'receive', params: { subscription: 0, result: { envelope } } })?.news,
    ).toEqual({
      kind: 'reply',
      timestamp: '17',
      author: null,
      text: 'ok',
    });
  });

  it('looks at a bounded number of receipts', () => {
    const timestamps = Array.from({ length: 5000 }, (_, i) => i + 1);
    const news = newsOf({ receiptMessage: { isDelivery: true, timestamps } });

    expect(news?.kind === 'receipt' && news.timestamps).toHaveLength(100);
  });

  it.each([
    ['typing', { typingMessage: { action: 'STARTED' } }],
    ['a message without a quote', { dataMessage: { message: 'ok' } }],
    [
      'a reaction that is taken back',
      { dataMessage: { reaction: { emoji: '👍', targetSentTimestamp: 1, isRemove: true } } },
    ],
    ['a quote without words', { dataMessage: { message: null, quote: { id: 17 } } }],
    ['a quote of nothing', { dataMessage: { message: 'ok', quote: { id: '17; DROP TABLE' } } }],
    ['our own phone', { syncMessage: { sentMessage: { message: 'ok', quote: { id: 17 } } } }],
    ['an empty receipt', { receiptMessage: { timestamps: [1] } }],
    ['nonsense', { dataMessage: [], receiptMessage: 7 }],
  ])('means nothing to us: %s', (_what, content) => {
    expect(newsOf(content)).toBeUndefined();
  });

  it('means nothing without an envelope', () => {
    expect(readEnvelope({ jsonrpc: '2.0', method: 'receive', params: {} })).toBeUndefined();
  });

  it.each([undefined, null, 7, 'receive', [], {}, { params: [] }, { params: 'x' }])('is not %j', (body) => {
    expect(() => readEnvelope(body)).toThrow('The body is no notification of signal-cli.');
  });
});
