import { serverWords } from './server-words.ts';

describe('the words of a server', () => {
  it.each([
    ['Invalid group id', 'Invalid group id'],
    ['User +4930111222 is not registered.\n', 'User … is not registered.'],
    ['call 0170 123-45 67 now', 'call … now'],
    ['unknown 5f3c1a20-1111-4222-8333-abcdefabcdef!', 'unknown …!'],
    ['see https://ntfy.sh/docs/publish/#x or ops@example.org', 'see … or …'],
    [`no ${Buffer.from('the internal id of a group, as base64').toString('base64')} here`, 'no … here'],
    ['group.TFhFV1FyY21z is gone', '… is gone'],
    ['two\r\n\tlines\u202e and a \0 byte', 'two lines and a byte'],
    ['limit 42901 reached', 'limit 42901 reached'],
    ['', ''],
  ])('%j are told as %j', (text, told) => {
    expect(serverWords(text)).toBe(told);
  });

  it('leave out what they are told to leave out', () => {
    expect(serverWords('topic alarm-4f9c not allowed for eva.42', 'alarm-4f9c', 'eva.42', '')).toBe(
      'topic … not allowed for …',
    );
  });

  it('are cut in whole characters', () => {
    const words = serverWords('🚨'.repeat(500));

    expect([...words]).toHaveLength(160);
    expect(words.isWellFormed()).toBe(true);
    expect(words.endsWith('…')).toBe(true);
  });
});
