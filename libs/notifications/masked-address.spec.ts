import { maskedAddress } from './masked-address.ts';

describe('an address as it is shown', () => {
  it.each([
    ['a phone number', '+4915112345678', '…678'],
    ['a short one', '4711', '…'],
    ['a group', 'group.SGVsbG8gd29ybGQ=', '…GQ='],
    ['letters beyond the first plane', '😀😁😂🤣😃😄😅', '…😃😄😅'],
    ['a mail address', 'eva.nowak@example.org', '…@example.org'],
    [
      'a URL',
      'https://user:secret@hooks.example.org:8443/T0/B0/secret?key=secret#secret',
      'hooks.example.org:8443',
    ],
    ['a URL without a host', 'file:///secret', '…'],
    ['a URL that is none', 'https://:secret', '…'],
    ['the configured default', '', null],
  ])('of %s', (_what, address, expected) => {
    expect(maskedAddress(address)).toBe(expected);
  });
});
