import { randomUUID } from 'node:crypto';

import { Logger } from '@nestjs/common';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Span as OtelSpan } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
} from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type Sampler,
  type SpanExporter,
} from '@opentelemetry/sdk-trace';

import { VERSION } from '../build-info.ts';
import { within } from '../clock/within.ts';
import type { Settings, TraceSampler } from '../config/settings.ts';
import { withLogContext } from '../logging/log-context.ts';
import { parseTraceParent } from './trace-parent.ts';
import { withinSpan, type Span, type Tracer } from './tracing.ts';

/** A collector that is away must not hold up a process that was told to stop. */
const STOP_WITHIN_MS = 2000;

const KIND = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};

const SAMPLER: Record<TraceSampler, (share: number) => Sampler> = {
  always_on: () => new AlwaysOnSampler(),
  always_off: () => new AlwaysOffSampler(),
  traceidratio: (share) => new TraceIdRatioBasedSampler(share),
  parentbased_always_on: () => new ParentBasedSampler({ root: new AlwaysOnSampler() }),
  parentbased_always_off: () => new ParentBasedSampler({ root: new AlwaysOffSampler() }),
  parentbased_traceidratio: (share) => new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
};

/**
 * The only file that knows OpenTelemetry; loaded where tracing is on. What is not passed on here (where to send, which
 * headers, certificates, attributes of the process) the SDK reads by itself, under the same names.
 */
export function openTelemetry(
  settings: Settings,
  service: string,
): { readonly tracer: Tracer; stop(): Promise<void> } {
  const ours = {
    'service.namespace': 'alarm-broker',
    'service.name': `alarm-broker-${service}`,
    'service.version': VERSION,
    'service.instance.id': randomUUID(),
  };
  const detectors = [resourceAttributesEnvDetector, serviceNameEnvDetector];
  const provider = new TracerProvider({
    resource: defaultResource().merge(resourceFromAttributes(ours)).merge(detectResources({ detectors })),
    sampler: SAMPLER[settings.OTEL_TRACES_SAMPLER](settings.OTEL_TRACES_SAMPLER_ARG),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new ReportingExporter(new OTLPTraceExporter()),
        scheduledDelayMillis: settings.OTEL_BSP_SCHEDULE_DELAY,
      }),
    ],
  });
  const source = provider.getTracer('alarm-broker', VERSION);
  const tracer: Tracer = {
    open(name, { kind, facts = {}, startedAt }, parent) {
      const context = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
      const options = {
        attributes: { ...facts },
        ...(kind === undefined ? {} : { kind: KIND[kind] }),
        ...(startedAt === undefined ? {} : { startTime: startedAt }),
      };
      return describe(source.startSpan(name, options, context));
    },
  };
  return { tracer, stop: async () => void (await within(STOP_WITHIN_MS, provider.shutdown())) };
}

function describe(span: OtelSpan): Span {
  const position = span.spanContext();
  return {
    within: (work) => withinSpan(position, work),
    rename: (name) => void span.updateName(name),
    set: (facts) => void span.setAttributes({ ...facts }),
    link(traceParent) {
      const context = parseTraceParent(traceParent);
      if (context !== undefined) span.addLink({ context });
    },
    fail: (reason) => void span.setAttribute('error.type', reason).setStatus({ code: SpanStatusCode.ERROR }),
    end: () => span.end(),
  };
}

/** Says once when spans cannot be delivered, and once when they can again. Alarms do not depend on it. */
class ReportingExporter implements SpanExporter {
  private readonly logger = new Logger('Tracing');
  private failing = false;

  constructor(private readonly exporter: SpanExporter) {}

  export(...[spans, done]: Parameters<SpanExporter['export']>): void {
    this.exporter.export(spans, (result) => {
      // In no context: the batch is of many requests, and of none more than of the others.
      withLogContext({}, () => this.report(result.error));
      done(result);
    });
  }

  private report(error: Error | undefined): void {
    const failed = error !== undefined;
    if (failed && !this.failing)
      this.logger.warn({ reason: codeOf(error) }, 'Traces cannot be delivered and are dropped');
    if (!failed && this.failing) this.logger.log('Traces are delivered again');
    this.failing = failed;
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }
}

/** HTTP status or Node's code: the words of such an error may quote the answer or the address. */
function codeOf(error: unknown): string {
  const { code, cause } = Object(error) as { code?: unknown; cause?: unknown };
  if (typeof code === 'string' || typeof code === 'number') return String(code);
  return cause === undefined ? 'unknown' : codeOf(cause);
}
