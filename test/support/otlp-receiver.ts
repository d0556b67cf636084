import { HttpReceiver, type Recorded } from './http-receiver.ts';

type Value = string | number | boolean;

/** A span as a collector sees it. */
export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty: the trace begins with it. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  readonly attributes: Readonly<Record<string, Value>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly failed: boolean;
  /** `service.name` of the process that sent it. */
  readonly service: string;
  readonly resource: Readonly<Record<string, Value>>;
  /** Nanoseconds since the epoch. */
  readonly start: bigint;
  readonly end: bigint;
}

/** A collector of traces: OTLP over HTTP with protobuf, read by the numbers in opentelemetry-proto. */
export class OtlpReceiver {
  readonly spans: CollectedSpan[] = [];

  private constructor(readonly http: HttpReceiver) {}

  static async start(): Promise<OtlpReceiver> {
    const http = await HttpReceiver.start();
    const receiver = new OtlpReceiver(http);
    http.answer((request) => {
      receiver.spans.push(...spansOf(request));
      // An ExportTraceServiceResponse without a word is empty.
      return { headers: { 'content-type': 'application/x-protobuf' }, body: '' };
    });
    return receiver;
  }

  get url(): string {
    return this.http.url;
  }

  /** The earliest span that matches, collected already or still to come. */
  async span(matches: (span: CollectedSpan) => boolean): Promise<CollectedSpan> {
    for (;;) {
      const found = this.spans.find(matches);
      if (found !== undefined) return found;
      await this.http.next().catch(() => {
        const names = this.spans.map(({ service, name }) => `${service}: ${name}`).join(', ');
        throw new Error(`No matching span; collected so far: ${names || 'none'}`);
      });
    }
  }

  close(): Promise<void> {
    return this.http.close();
  }
}

/** One message of the wire format: the values of each field, in order. */
type Fields = ReadonlyMap<number, readonly (bigint | Buffer)[]>;

function fieldsOf(message: Buffer): Fields {
  const fields = new Map<number, (bigint | Buffer)[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = BigInt(message.readUInt8(at));
      at += 1;
      value |= (byte & 127n) << shift;
      if (byte < 128n) return value;
    }
  };
  const bytes = (length: number): Buffer => message.subarray(at, (at += length));
  while (at < message.length) {
    const tag = Number(varint());
    const type = tag & 7;
    const value =
      type === 0
        ? varint()
        : type === 1
          ? bytes(8).readBigUInt64LE()
          : type === 5
            ? BigInt(bytes(4).readUInt32LE())
            : bytes(Number(varint()));
    fields.set(tag >> 3, [...(fields.get(tag >> 3) ?? []), value]);
  }
  return fields;
}

const messages = (fields: Fields, number: number): Fields[] =>
  (fields.get(number) ?? []).map((value) => fieldsOf(value as Buffer));
const text = (fields: Fields, number: number): string =>
  ((fields.get(number)?.[0] as Buffer | undefined) ?? Buffer.alloc(0)).toString('utf8');
const hex = (fields: Fields, number: number): string =>
  ((fields.get(number)?.[0] as Buffer | undefined) ?? Buffer.alloc(0)).toString('hex');
const whole = (fields: Fields, number: number): bigint =>
  (fields.get(number)?.[0] as bigint | undefined) ?? 0n;

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;

function attributesOf(fields: Fields, number: number): Record<string, Value> {
  return Object.fromEntries(
    messages(fields, number).map((pair) => {
      const [value = new Map()] = messages(pair, 2) as [Fields?];
      return [text(pair, 1), valueOf(value)];
    }),
  );
}

function valueOf(value: Fields): Value {
  if (value.has(1)) return text(value, 1);
  if (value.has(2)) return whole(value, 2) === 1n;
  return Number(whole(value, 3));
}

function spansOf({ body }: Recorded): CollectedSpan[] {
  return messages(fieldsOf(body), 1).flatMap((resourceSpans) => {
    const [about = new Map() as Fields] = messages(resourceSpans, 1);
    const resource = attributesOf(about, 1);
    return messages(resourceSpans, 2).flatMap((scope) =>
      messages(scope, 2).map((span) => ({
        traceId: hex(span, 1),
        spanId: hex(span, 2),
        parentSpanId: hex(span, 4),
        name: text(span, 5),
        kind: KINDS[Number(whole(span, 6))] ?? 'unspecified',
        start: whole(span, 7),
        end: whole(span, 8),
        attributes: attributesOf(span, 9),
        links: messages(span, 13).map((link) => ({ traceId: hex(link, 1), spanId: hex(link, 2) })),
        failed: messages(span, 15).some((status) => whole(status, 3) === 2n),
        service: String(resource['service.name']),
        resource,
      })),
    );
  });
}
