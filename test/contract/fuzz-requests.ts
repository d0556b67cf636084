import fc from 'fast-check';

import { ADMIN_KEY } from '../support/world.ts';
import type { ApiDocument, Operation, Parameter, Schema } from './document.ts';
import { hostileBody, hostileText, hostileValue } from './hostile.ts';
import type { RawRequest } from './raw-http.ts';

/** What is there for requests to hit. */
export interface Aims {
  readonly alarmIds: readonly string[];
  readonly names: readonly string[];
  readonly viewerKey: string;
}

export interface FuzzCase {
  readonly operation: Operation;
  readonly request: RawRequest;
}

const TYPES = [
  'application/yaml',
  'application/x-yaml; charset=latin1',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-16',
  'application/json; charset=klingon',
  'application/json; charset',
  'application/problem+json',
  'application/octet-stream',
  '/',
  '',
];
const ODD_HEADERS = [
  'If-Match',
  'If-None-Match',
  'Idempotency-Key',
  'Last-Event-ID',
  'X-Request-ID',
  'X-Admin-Email',
  'X-Forwarded-For',
  'Accept',
  'Range',
  'Authorization',
  'Content-Encoding',
  'X-HTTP-Method-Override',
];

/** Requests for an operation: near to what it asks for, or far from it. */
export class FuzzRequests {
  constructor(
    private readonly document: ApiDocument,
    private readonly aims: Aims,
  ) {}

  for(operation: Operation): fc.Arbitrary<FuzzCase> {
    const parts = fc.record({
      path: this.path(operation),
      query: this.query(operation.parameters.filter((parameter) => parameter.in === 'query')),
      credentials: this.credentials(),
      odd: fc.oneof(
        {
          weight: 9,
          arbitrary: fc.dictionary(fc.constantFrom(...ODD_HEADERS), this.headerValue(), { maxKeys: 2 }),
        },
        { weight: 1, arbitrary: fc.constant<Record<string, string>>({ 'If-Match': '"9"' }) },
      ),
      body: this.body(operation),
    });
    return parts.map(({ path, query, credentials, odd, body }) => ({
      operation,
      request: {
        method: operation.method,
        target: path + query,
        headers: { ...odd, ...credentials, ...body.headers },
        ...(body.bytes === undefined ? {} : { body: body.bytes }),
      },
    }));
  }

  private path({ path }: Operation): fc.Arbitrary<string> {
    const names = [...this.aims.alarmIds, ...this.aims.names];
    const segment = fc
      .oneof(
        { weight: 3, arbitrary: fc.constantFrom(...names).map(encodeURIComponent) },
        { weight: 2, arbitrary: hostileText.map(encoded) },
        {
          weight: 1,
          arbitrary: fc.constantFrom('%', '%zz', '%ff', '%c0%ae', '%00', '.', '..', '%2e%2e%2f', '$id'),
        },
      )
      // Without a name it would be another address, and a longer one is refused before anybody reads it.
      .map((text) => (text === '' ? 'x' : text.slice(0, 6000)));
    const count = path.split('{').length - 1;
    return fc
      .array(segment, { minLength: count, maxLength: count })
      .map((segments) => path.replace(/\{\w+\}/g, () => segments.pop() ?? ''));
  }

  private query(parameters: readonly Parameter[]): fc.Arbitrary<string> {
    const names = [...parameters.map(({ name }) => name), 'surprise', '__proto__', 'a[b]'];
    const pair = fc.constantFrom(...names).chain((name) => {
      const schema = parameters.find((parameter) => parameter.name === name)?.schema ?? {};
      const sane = fc.constantFrom(...[schema.example, ...(schema.enum ?? [])].map(asText));
      return fc.oneof(sane, hostileText).map((value) => `${encoded(name)}=${encoded(value).slice(0, 3000)}`);
    });
    const some = fc.array(pair, { minLength: 1, maxLength: 4 }).map((pairs) => `?${pairs.join('&')}`);
    return fc.oneof({ weight: 2, arbitrary: fc.constant('') }, { weight: 1, arbitrary: some });
  }

  private credentials(): fc.Arbitrary<Record<string, string>> {
    return fc.oneof(
      { weight: 18, arbitrary: fc.constant({ 'X-Admin-Key': ADMIN_KEY }) },
      { weight: 1, arbitrary: fc.constant({ 'X-Admin-Key': this.aims.viewerKey }) },
      { weight: 1, arbitrary: fc.constant({ Authorization: 'Basic nothing' }) },
    );
  }

  /** Bytes as they can stand in a header at all. */
  private headerValue(): fc.Arbitrary<string> {
    const value = fc.oneof(hostileText, fc.constantFrom('"1"', '"2", W/"3"', 'bytes=0-1', 'gzip', 'br', '5'));
    return value.map((text) =>
      Buffer.from(text.slice(0, 600))
        .toString('latin1')
        .replace(/[^\t\x20-\x7e\x80-\xff]/g, ''),
    );
  }

  private body(operation: Operation): fc.Arbitrary<{ bytes?: Buffer; headers: Record<string, string> }> {
    const schema = operation.requestBody?.content['application/json']?.schema;
    const json = { 'Content-Type': 'application/json' };
    const meant = schema === undefined ? hostileValue : this.value(schema, 0);
    const asMeant = meant.map((value) => ({
      bytes: Buffer.from(JSON.stringify(value) ?? ''),
      headers: json,
    }));
    const nothing = fc.constant({ headers: {} });
    if (schema === undefined) {
      return fc.oneof(
        { weight: 6, arbitrary: nothing },
        { weight: 1, arbitrary: asMeant },
        this.ruined(asMeant),
      );
    }
    return fc.oneof(
      { weight: 8, arbitrary: asMeant },
      { weight: 2, arbitrary: this.ruined(asMeant) },
      { weight: 2, arbitrary: hostileBody.map((bytes) => ({ bytes, headers: json })) },
      {
        weight: 2,
        arbitrary: fc
          .tuple(hostileBody, fc.constantFrom(...TYPES))
          .map(([bytes, type]) => ({ bytes, headers: { 'Content-Type': type } })),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(asMeant, fc.constantFrom(...TYPES))
          .map(([{ bytes }, type]) => ({ bytes, headers: { 'Content-Type': type } })),
      },
      { weight: 1, arbitrary: nothing },
    );
  }

  /** A body of which a part is lost or turned into bytes that are no text. */
  private ruined(whole: fc.Arbitrary<{ bytes: Buffer; headers: Record<string, string> }>) {
    return fc.tuple(whole, fc.nat(), fc.boolean()).map(([{ bytes, headers }, place, cut]) => {
      const at = place % (bytes.length + 1);
      const begin = bytes.subarray(0, at);
      const ruined = cut
        ? begin
        : Buffer.concat([begin, Buffer.from([0xff, 0xc0, 0x80]), bytes.subarray(at)]);
      return { bytes: ruined, headers };
    });
  }

  /** A value as documented, with something else in its place now and then, at any depth. */
  private value(schema: Schema, depth: number): fc.Arbitrary<unknown> {
    if (depth > 6) return fc.constant(null);
    return fc.oneof(
      { weight: 12, arbitrary: this.saneValue(schema, depth) },
      { weight: 1, arbitrary: hostileValue },
    );
  }

  private saneValue(schema: Schema, depth: number): fc.Arbitrary<unknown> {
    if (schema.$ref !== undefined) {
      const name = schema.$ref.split('/').at(-1) ?? '';
      return this.saneValue(this.document.components.schemas[name] ?? {}, depth);
    }
    if (schema.properties !== undefined) return this.record(schema.properties, depth);
    if (schema.items !== undefined) return fc.array(this.value(schema.items, depth + 1), { maxLength: 3 });
    if (schema.format === 'uuid') return fc.constantFrom(...this.aims.alarmIds);
    const values = [...(schema.enum ?? []), ...(schema.example === undefined ? [] : [schema.example])];
    const isName = schema.enum === undefined && typeof schema.example === 'string';
    return fc.constantFrom<unknown>(...values, ...(isName || values.length === 0 ? this.aims.names : []));
  }

  private record(properties: Readonly<Record<string, Schema>>, depth: number): fc.Arbitrary<object> {
    const fields = Object.fromEntries(
      Object.entries(properties).map(([name, schema]) => [name, this.value(schema, depth + 1)]),
    );
    const whole = fc.record(fields);
    return fc.oneof(
      { weight: 6, arbitrary: whole },
      { weight: 2, arbitrary: fc.record(fields, { requiredKeys: [] }) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(whole, hostileText, hostileValue)
          .map(([record, name, value]) => ({ ...record, [name]: value })),
      },
    );
  }
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? ''));

/** Percent-encoded as UTF-8, also what is no well-formed text. */
const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());
