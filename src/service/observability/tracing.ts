import { context, diag, DiagLogLevel, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { Logger } from 'pino';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { listOf } from '../settings/setting.rules.js';
import type { SamplerName } from '../settings/tracing.settings.js';

/** The export and sampling of spans. */
export interface TracingOptions {
  /** The base URL of a collector for OTLP over HTTP. */
  readonly endpoint: string;
  /** Comma-separated `<name>=<value>` in the format of OpenTelemetry: values are percent-encoded. */
  readonly headers: string;
  readonly serviceName: string;
  readonly serviceVersion: string;
  readonly sampler: SamplerName;
  /** The ratio for `traceidratio` samplers. */
  readonly ratio: number;
  /** True if spans contain message content. The queue is smaller then, to bound its memory. */
  readonly areSpansLarge: boolean;
}

const SMALL = { maxExportBatchSize: 2048, maxQueueSize: 8192 };
const LARGE = { maxExportBatchSize: 64, maxQueueSize: 512 };
const EXPORT_INTERVAL_MS = 2000;

const ROOT_SAMPLERS = {
  parentbased_always_on: 'always_on',
  parentbased_always_off: 'always_off',
  parentbased_traceidratio: 'traceidratio',
} as const;

const silent = (): void => undefined;

/** Starts the export of spans. @returns a function that flushes the remaining spans and stops the export. */
export function startTracing(
  { endpoint, headers, sampler, ratio, areSpansLarge, ...service }: TracingOptions,
  logger: Logger,
): () => Promise<void> {
  // For example, if the collector is unreachable.
  const report = (message: string): void => logger.warn({ detail: message.slice(0, 300) }, 'tracing failed');
  diag.setLogger({ error: report, warn: report, info: silent, debug: silent, verbose: silent }, DiagLogLevel.WARN);
  const exporter = new OTLPTraceExporter({ url: tracesAt(endpoint), headers: headersIn(headers) });
  const processor = new BatchSpanProcessor({
    exporter,
    ...(areSpansLarge ? LARGE : SMALL),
    scheduledDelayMillis: EXPORT_INTERVAL_MS,
  });
  const provider = new TracerProvider({
    sampler: samplerOf(sampler, ratio),
    resource: resourceFromAttributes({
      'service.name': service.serviceName,
      'service.version': service.serviceVersion,
    }),
    spanProcessors: [processor],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  return () => provider.shutdown();
}

/** Creates the sampler. Parent-based samplers use the decision of the service that started the trace. */
function samplerOf(name: SamplerName, ratio: number): Sampler {
  switch (name) {
    case 'always_on':
      return new AlwaysOnSampler();
    case 'always_off':
      return new AlwaysOffSampler();
    case 'traceidratio':
      return new TraceIdRatioBasedSampler(ratio);
    case 'parentbased_always_on':
    case 'parentbased_always_off':
    case 'parentbased_traceidratio':
      return new ParentBasedSampler({ root: samplerOf(ROOT_SAMPLERS[name], ratio) });
  }
}

function tracesAt(endpoint: string): string {
  const url = new URL(endpoint);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/traces`;
  return url.href;
}

function headersIn(text: string): Record<string, string> {
  const pairs = listOf(text).map((pair) => pair.split('='));
  return Object.fromEntries(pairs.map(([name = '', ...rest]) => [name, decoded(rest.join('='))]));
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
