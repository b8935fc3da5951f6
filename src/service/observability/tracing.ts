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
import type { Environment } from '../settings/environment.js';
import { listOf } from '../settings/text.list.js';
import type { SamplerName } from '../settings/tracing.settings.js';

const SMALL = { maxExportBatchSize: 2048, maxQueueSize: 8192 };
/** For spans that contain message content: bounds the memory of the queue. */
const LARGE = { maxExportBatchSize: 64, maxQueueSize: 512 };
const EXPORT_INTERVAL_MS = 2000;

const silent = (): void => undefined;

/**
 * Starts the export of spans.
 *
 * @param endpoint the base URL of a collector for OTLP over HTTP.
 * @returns a function that flushes the remaining spans and stops the export.
 */
export function startTracing(
  endpoint: string,
  environment: Environment,
  version: string,
  logger: Logger,
): () => Promise<void> {
  // For example, if the collector is unreachable.
  const report = (message: string): void => logger.warn({ detail: message.slice(0, 300) }, 'tracing failed');
  diag.setLogger({ error: report, warn: report, info: silent, debug: silent, verbose: silent }, DiagLogLevel.WARN);
  const headers = headersIn(environment.OTEL_EXPORTER_OTLP_HEADERS);
  const exporter = new OTLPTraceExporter({ url: tracesAt(endpoint), headers });
  const processor = new BatchSpanProcessor({
    exporter,
    ...(environment.isContentCaptured ? LARGE : SMALL),
    scheduledDelayMillis: EXPORT_INTERVAL_MS,
  });
  const provider = new TracerProvider({
    sampler: samplerOf(environment.OTEL_TRACES_SAMPLER, environment.OTEL_TRACES_SAMPLER_ARG),
    resource: resourceFromAttributes({ 'service.name': environment.OTEL_SERVICE_NAME, 'service.version': version }),
    spanProcessors: [processor],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  return () => provider.shutdown();
}

/** Creates the sampler. Parent-based samplers use the decision of the service that started the trace. */
function samplerOf(name: SamplerName, ratio: number): Sampler {
  const root = rootSamplerOf(name, ratio);
  return name.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root;
}

function rootSamplerOf(name: SamplerName, ratio: number): Sampler {
  if (name.endsWith('always_on')) return new AlwaysOnSampler();
  if (name.endsWith('always_off')) return new AlwaysOffSampler();
  return new TraceIdRatioBasedSampler(ratio);
}

function tracesAt(endpoint: string): string {
  const url = new URL(endpoint);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/traces`;
  return url.href;
}

/** Reads comma-separated `<name>=<value>` in the format of OpenTelemetry: values are percent-encoded. */
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
