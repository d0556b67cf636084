import { OtlpReceiver } from '../../../test/support/otlp-receiver.ts';
import { readSettings } from '../config/read-settings.ts';
import { logContext, withLogContext } from '../logging/log-context.ts';
import { startTracing } from './start-tracing.ts';
import { inSpan, openSpan, traceHeaders, traceParent } from './tracing.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const RECORDED = `00-${TRACE}-b7ad6b7169203331-01`;
const NOT_RECORDED = `00-${TRACE}-b7ad6b7169203331-00`;

describe('tracing', () => {
  let collector: OtlpReceiver;

  beforeEach(async () => {
    collector = await OtlpReceiver.start();
    process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = collector.url;
  });

  afterEach(async () => {
    delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
    delete process.env['OTEL_SERVICE_NAME'];
    await collector.close();
  });

  const start = (settings: Readonly<Record<string, string>> = {}) =>
    startTracing(readSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...settings }), 'api');

  it.each([
    {},
    { OTEL_SDK_DISABLED: 'true', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' },
    { OTEL_TRACES_EXPORTER: 'none', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318/v1/traces' },
  ])('that is off does the work and leaves no trace: %j', async (settings) => {
    const stop = await startTracing(readSettings(settings), 'api');
    const seen = await inSpan('work', { parent: RECORDED }, async (span) =>
      span.within(() => [traceParent(), traceHeaders(), logContext()]),
    );
    expect(seen).toEqual([null, {}, {}]);
    await stop();
  });

  it('keeps the context of the log, and hands on the span one is in', async () => {
    const stop = await start();
    const seen = await withLogContext({ requestId: 'r' }, () =>
      inSpan('outer', { parent: RECORDED }, async () => [traceParent(), logContext()] as const),
    );
    await stop();
    const [span] = collector.spans;
    expect(seen[0]).toBe(`00-${TRACE}-${span?.spanId}-01`);
    expect(seen[1]).toEqual({
      requestId: 'r',
      span: { traceId: TRACE, spanId: span?.spanId, traceFlags: 1 },
    });
    expect(traceParent()).toBeNull();
  });

  it('lets an error through and tells its code, not its words', async () => {
    const stop = await start();
    const work = inSpan('work', {}, () =>
      Promise.reject(Object.assign(new Error('a token of somebody'), { code: 'device.unknown' })),
    );
    await expect(work).rejects.toThrow('a token of somebody');
    await stop();
    expect(collector.spans).toMatchObject([{ failed: true, attributes: { 'error.type': 'device.unknown' } }]);
    expect(collector.http.requests.map(({ body }) => body.toString('latin1')).join()).not.toContain(
      'a token',
    );
  });

  it('begins at the time it is told, and is called as the operator says', async () => {
    process.env['OTEL_SERVICE_NAME'] = 'campus-alarm';
    const stop = await start();
    openSpan('claimed', { startedAt: 1_700_000_000_000 }).end();
    await stop();
    expect(collector.spans).toMatchObject([{ service: 'campus-alarm', start: 1_700_000_000_000_000_000n }]);
  });

  it.each([
    ['always_on', '1', [true, true, true]],
    ['always_off', '1', [false, false, false]],
    ['traceidratio', '0', [false, false, false]],
    ['traceidratio', '1', [true, true, true]],
    ['parentbased_always_on', '1', [true, true, false]],
    ['parentbased_always_off', '1', [false, true, false]],
    ['parentbased_traceidratio', '0', [false, true, false]],
  ])('records what the sampler chooses: %s, %s', async (sampler, share, recorded) => {
    const stop = await start({ OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: share });
    const flags: boolean[] = [];
    for (const parent of [null, RECORDED, NOT_RECORDED]) {
      const span = openSpan(String(parent), { parent });
      // A row or a gateway hears of the decision, too.
      flags.push(span.within(traceParent)?.endsWith('-01') ?? false);
      span.end();
    }
    await stop();
    expect(flags).toEqual(recorded);
    const names = [null, RECORDED, NOT_RECORDED].filter((_parent, i) => recorded[i]).map(String);
    expect(collector.spans.map(({ name }) => name)).toEqual(names);
  });

  it.each([
    ['OTEL_TRACES_SAMPLER', 'sometimes', 'must be one of always_on'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.5', 'must be a number from 0 to 1'],
    ['OTEL_TRACES_SAMPLER_ARG', 'half', 'must be a number from 0 to 1'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc', 'must be one of http/protobuf'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318', 'must be an absolute http or https URL'],
  ])('is not started by a setting that cannot be meant: %s=%s', (name, value, words) => {
    expect(() => readSettings({ [name]: value })).toThrow(`${name} ${words}`);
  });
});
