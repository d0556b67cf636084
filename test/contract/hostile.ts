import fc from 'fast-check';

/** Texts that have broken other people's programs. */
const TEXTS = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  'x\udfffy',
  '\u202egnp.exe',
  '\u200b\ufeff',
  'ﷺ'.repeat(40),
  '🔥👩‍👩‍👧‍👦',
  "'; drop table alarms; --",
  "' or 1=1 --",
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '{{7*7}}${7*7}<%= 7*7 %>#{7*7}',
  '${ADMIN_API_KEY}',
  '../../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  'file:///etc/passwd',
  '\r\nSet-Cookie: a=b',
  '=cmd|"/c calc"!A1',
  '%00%ff%zz',
  '%',
  '__proto__',
  'constructor',
  'NaN',
  '-1',
  '1e309',
  '0x10',
  '99999999999999999999',
  '01a20a4c-0000-7000-8000-00000000000g',
  '00000000-0000-0000-0000-000000000000',
  '+275760-09-13T00:00:00.001Z',
  '-271821-04-19T23:59:59.999Z',
  '294277-01-01',
  '0000-00-00',
  '"',
  'W/"1"',
  '*',
];

const repeated = fc
  .tuple(
    fc.constantFrom('x', 'é', '\u0301', '"', '\\', ',', '[', '9'),
    fc.constantFrom(99, 129, 513, 5001, 70_000),
  )
  .map(([piece, count]) => piece.repeat(count));

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: repeated },
);

const hostileNumber = fc.oneof(
  fc.constantFrom(-1, -0, 0.5, 1e308, -1e308, 5e-324, 2 ** 31, 2 ** 53, 2 ** 63, -(2 ** 63), 1e21),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
);

const nested = (depth: number, inner: unknown): unknown =>
  depth === 0 ? inner : nested(depth - 1, depth % 2 === 0 ? [inner] : { a: inner });

/** Anything JSON can say, most of it unexpected. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: hostileText },
  { weight: 3, arbitrary: hostileNumber },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null]) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 40 }).map((depth) => nested(depth, 'deep')) },
  { weight: 1, arbitrary: fc.array(hostileText, { maxLength: 5 }) },
  { weight: 1, arbitrary: fc.dictionary(hostileText, hostileText, { maxKeys: 4 }) },
);

/** Texts that are no JSON, no YAML, or more than they seem. */
export const hostileBody: fc.Arbitrary<Buffer> = fc.oneof(
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom(
      '',
      'null',
      '"text"',
      '17',
      '{',
      '[',
      '{"a":}',
      '{"a":1,"a":2}',
      '{"__proto__":{"admin":true}}',
      '{"constructor":{"prototype":{}}}',
      '[1e999999]',
      '\ufeff{}',
      '{"note":"\\ud800"}',
      '['.repeat(20_000),
      '{"a":'.repeat(3000) + '1' + '}'.repeat(3000),
      'a: &a [x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c]',
      'sites: &a [*a]',
      'sites: !!js/function "function(){}"',
      'sites: !!binary "////"',
      '? [complex]\n: {key: 1}',
      '--- 1\n--- 2',
      'sites:\n\t- id: tab',
      'sites: [{id: .nan, name: .inf}]',
      '%YAML 9.9\n---\nsites: []',
      'acked_by=Eva&note=%ff%00&acked_by[]=1',
    )
    .map((text) => Buffer.from(text)),
);
