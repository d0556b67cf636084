import { house } from '../support/house.ts';
import { logLines } from '../support/log-lines.ts';
import { ADMIN_KEY, World } from '../support/world.ts';

const BOMB = [
  'a: &a [x,x,x,x,x,x,x,x,x,x]',
  'b: &b [*a,*a,*a,*a,*a,*a]',
  'c: &c [*b,*b,*b,*b,*b,*b]',
  'd: [*c,*c,*c]',
];

describe('a seed file that cannot be loaded', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.start({ seed: house([{ id: 'guard' }]) });
  });

  afterAll(() => world.stop());

  const send = (type: string, text: string) =>
    world.http.post('/v1/admin/seed').set({ 'X-Admin-Key': ADMIN_KEY, 'Content-Type': type }).send(text);
  const everything = () =>
    Promise.all(
      ['sites', 'rooms', 'persons', 'devices', 'escalation_policies', 'escalation_targets'].map((table) =>
        world.query(`SELECT * FROM ${table} ORDER BY id`),
      ),
    );

  it.each([
    ['NUL in JSON', 'application/json', '{"sites":[{"id":"a\\u0000b","name":"x"}]}', /^sites\[0\]\.id: /],
    [
      'half a character',
      'application/json',
      '{"sites":[{"id":"a","name":"\\ud800"}]}',
      /^sites\[0\]\.name: /,
    ],
    ['NUL in YAML', 'application/yaml', 'sites: [{id: a, name: "\\0"}]', /^sites\[0\]\.name: /],
    [
      'a name that is a broken pattern',
      'application/json',
      '{"(a+)+[":1}',
      /^\(a\+\)\+\[: should not exist$/,
    ],
    [
      'a list in the place of a person',
      'application/json',
      '{"persons":[[]]}',
      /^persons: must not contain lists$/,
    ],
    ['no mapping', 'application/yaml', '!!js/function x', /must be a mapping/],
    ['two documents', 'application/yaml', 'sites: []\n---\nsites: []', /^Not valid YAML, line 2/],
    ['an alias of nothing', 'application/yaml', 'sites: *nowhere', /^Not valid YAML/],
    [
      'a field that says what it is made by',
      'application/json',
      '{"x":[{"constructor":1}]}',
      /^x\[0\]\.constructor: /,
    ],
    ['an alias of what it is part of', 'application/yaml', 'sites: &a [*a]', /^Not valid YAML/],
    ['aliases without end', 'application/yaml', BOMB.join('\n'), /^Not valid YAML/],
    ['endless nesting', 'application/yaml', `sites: ${'['.repeat(20_000)}${']'.repeat(20_000)}`, /./],
    ['endless nesting in JSON', 'application/json', `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, /./],
    [
      'one good site and a room nowhere',
      'application/yaml',
      'sites: [{id: a, name: A}]\nrooms: [{id: r, site_id: b, label: R}]',
      /^rooms\[0\]\.site_id: unknown site "b"$/,
    ],
  ])('is refused in words and changes nothing: %s', async (_what, type, text, detail) => {
    const before = await everything();
    logLines.clear();
    const { body } = await send(type, text).expect(400);

    expect(body.detail).toMatch(detail);
    expect(await everything()).toEqual(before);
    expect(logLines.at('error')).toEqual([]);
  });
});
