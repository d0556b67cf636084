import { readFileSync } from 'node:fs';

import { Contract } from './contract.ts';
import type { ApiDocument } from './document.ts';

const kept = readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8');
const contract = new Contract(JSON.parse(kept) as ApiDocument);

describe('the contract notices', () => {
  const good = { status: 200, text: '{"ok":"true"}' };
  const headers = { 'X-Request-ID': 'r', 'Content-Type': 'application/json; charset=utf-8' };

  it.each([
    ['nothing where all is well', good, headers, []],
    ['an undocumented status', { ...good, status: 418 }, headers, [/418 is not documented/]],
    ['a missing request id', good, { 'Content-Type': 'application/json' }, [/X-Request-ID/]],
    [
      'another media type',
      good,
      { ...headers, 'Content-Type': 'text/html' },
      [/"text\/html" is not documented/],
    ],
    [
      'a field too many',
      { ...good, text: '{"ok":"true","stack":"at"}' },
      headers,
      [/additional properties.*stack/],
    ],
    ['a missing field', { ...good, text: '{}' }, headers, [/required property 'ok'/]],
    ['a wrong value', { ...good, text: '{"ok":true}' }, headers, [/must be string/, /allowed values/]],
  ])('%s', (_what, answer, sent, expected) => {
    const found = contract.violations(contract.operation('live'), { ...answer, headers: new Headers(sent) });

    expect(found).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
  });

  it('a missing header', () => {
    const answer = { status: 503, text: '{}', headers: new Headers(headers) };

    expect(contract.violations(contract.operation('readAlarm'), answer)).toContain(
      'readAlarm 503: the header Retry-After is missing',
    );
  });
});
