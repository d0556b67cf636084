import { readFile } from 'node:fs/promises';

import {
  documentOf,
  operationsOf,
  type ApiDocument,
  type Operation,
  type Schema,
} from './contract/document.ts';
import { ApiModule } from '../apps/api/api.module.ts';
import { WorkerModule } from '../apps/worker/worker.module.ts';
import { World } from './support/world.ts';

let world: World;
let document: ApiDocument;
let operations: Operation[];

beforeAll(async () => {
  world = await World.start({ settings: { ENABLE_API_DOCS: 'true' } });
  document = documentOf(world.app);
  operations = operationsOf(document);
});
afterAll(() => world.stop());

describe('the description of the API', () => {
  it('is checked in as it is (npm run openapi writes it anew)', async () => {
    const kept = await readFile(new URL('../openapi.json', import.meta.url), 'utf8');

    expect(JSON.parse(kept)).toEqual(document);
    expect(kept).toBe(`${JSON.stringify(document, null, 2)}\n`);
  });

  it('is OpenAPI 3.1, without words of older versions', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(JSON.stringify(document)).not.toContain('"nullable"');
  });

  it('names every operation once, says what it is for, and who may', () => {
    const ids = operations.map(({ operationId }) => operationId);
    const known = document.tags.map(({ name }) => name);

    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(operations.filter(({ operationId }) => !/^[a-z][A-Za-z]+$/.test(operationId))).toEqual([]);
    for (const { operationId, summary, tags, security } of operations) {
      expect({ operationId, summary }).toEqual({ operationId, summary: expect.stringMatching(/\S/) });
      expect({ operationId, tags }).toEqual({
        operationId,
        tags: [expect.stringMatching(new RegExp(`^(${known.join('|')})$`))],
      });
      expect({ operationId, security }).toEqual({ operationId, security: expect.any(Array) });
    }
  });

  it('leaves without a key only probes and the doors of devices and providers', () => {
    const open = operations.filter(({ security }) => security?.length === 0);

    expect(open.map(({ operationId }) => operationId).sort()).toEqual([
      'health',
      'live',
      'metrics',
      'postKey',
      'pressKey',
      'pressPhoneKey',
      'ready',
      'receiveSignal',
      'reportDelivery',
      'reportDeliveryByAddress',
    ]);
  });

  it('has every refusal as application/problem+json', () => {
    const refusals = operations.flatMap(({ operationId, responses }) =>
      Object.entries(responses)
        .filter(([status]) => status.startsWith('4'))
        .map(([status, answer]) => [operationId, status, Object.keys(answer.content ?? {})]),
    );

    expect(refusals.length).toBeGreaterThan(200);
    expect(refusals.filter(([, , types]) => String(types) !== 'application/problem+json')).toEqual([]);
  });

  it('shows an example of every value', () => {
    const schemas: [string, Schema][] = [
      ...Object.entries(document.components.schemas),
      ...operations.flatMap(({ operationId, requestBody, responses, parameters }) =>
        [
          ...Object.values(requestBody?.content ?? {}),
          ...Object.values(responses).flatMap(({ content, headers }) => [
            ...Object.values(content ?? {}),
            ...Object.values(headers ?? {}),
          ]),
        ]
          .map(({ schema }): [string, Schema] => [operationId, schema])
          .concat(parameters.map(({ name, schema }) => [`${operationId} ${name}`, schema])),
      ),
    ];

    expect(schemas.flatMap(([name, schema]) => withoutExample(schema, name))).toEqual([]);
  });
});

describe('/docs and /openapi.json', () => {
  it('show it where ENABLE_API_DOCS is true', async () => {
    const { body } = await world.http.get('/openapi.json').expect(200);
    expect(body).toEqual(document);

    const page = await world.http.get('/docs').expect(200).expect('Content-Type', /html/);
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    // What the page asks for runs under that policy: nothing inline, nothing from elsewhere.
    expect(page.text).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>\s*\S/);
    expect(page.text).not.toMatch(/(src|href)="(https?:)?\/\//);
    await world.http.get('/docs/swagger-ui-bundle.js').expect(200);
  });

  it('leave everything else under the strict policy', async () => {
    const { headers } = await world.http.get('/livez').expect(200);

    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).not.toContain('script-src');
  });

  it.each([
    ['an api that was not asked for them', ApiModule, 'false'],
    ['a worker', WorkerModule, 'true'],
  ])('are not there on %s', async (_what, root, wish) => {
    const other = await World.start({ root, settings: { ENABLE_API_DOCS: wish } });
    try {
      for (const path of ['/docs', '/openapi.json', '/openapi.yaml']) await other.http.get(path).expect(404);
    } finally {
      await other.stop();
    }
  });
});

/** Places that have neither an example nor a closed list of values, nor parts that have. */
function withoutExample(schema: Schema, place: string): string[] {
  if (schema.$ref !== undefined || schema.example !== undefined || schema.enum !== undefined) {
    return partsOf(schema, place);
  }
  const parts = [schema.items, ...(schema.anyOf ?? []), ...(schema.allOf ?? []), ...(schema.oneOf ?? [])];
  const isNested = schema.properties !== undefined || parts.some((part) => part !== undefined);
  return isNested ? partsOf(schema, place) : [place];
}

function partsOf(schema: Schema, place: string): string[] {
  const named = Object.entries(schema.properties ?? {}).map(
    ([name, part]) => [part, `${place}/${name}`] as const,
  );
  return named.flatMap(([part, where]) => withoutExample(part, where));
}
