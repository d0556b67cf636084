import { parseMailboxes } from './mailboxes.ts';

describe('an address for mail', () => {
  it.each([
    ['one mailbox', 'guard@example.org', [['', 'guard@example.org']]],
    ['one with a name', 'Guard <guard@example.org>', [['Guard', 'guard@example.org']]],
    ['a quoted name with a comma', '"Guard, night" <n@example.org>', [['Guard, night', 'n@example.org']]],
    [
      'several, with a comma too many',
      ' a@example.org,Büro <b+alarm@bücher.example>, ',
      [
        ['', 'a@example.org'],
        ['Büro', 'b+alarm@bücher.example'],
      ],
    ],
    ['a name nobody can see through', 'A\u202Eb <a@example.org>', [['Ab', 'a@example.org']]],
  ])('is read as %s', (_kind, text, mailboxes) => {
    expect(parseMailboxes(text)).toEqual(mailboxes.map(([name, address]) => ({ name, address })));
  });

  it.each([
    '',
    ' , ',
    'guard',
    'guard@',
    '@example.org',
    'a@example.org; b@example.org',
    'a@example.org b@example.org',
    'a@example.org\r\nBcc: evil@example.net',
    'a@example.org\nX: y',
    'Guard\r\nBcc: evil@example.net <a@example.org>',
    'a@example.org\u2028',
    'a@example.org\0',
    '<a@example.org>\r\nRCPT TO:<evil@example.net>',
    'Guard <a@example.org> <evil@example.net>',
    'Guard <a@example.org>, nobody',
    '"evil@example.net x"@example.org',
    'a@evil@example.org',
    'friends: a@example.org, b@example.org;',
    'a\u200B@example.org',
  ])('is refused as a whole when it is %j', (text) => {
    expect(parseMailboxes(text)).toBeUndefined();
  });
});
