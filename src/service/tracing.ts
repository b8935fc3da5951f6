import { context, diag, DiagLogLevel, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { Logger } from 'pino';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';

/** Where spans go, and how many. */
export interface TracingOptions {
  /** The base URL of a collector, which speaks OTLP over HTTP. */
  readonly endpoint: string;
  /** `<name>=<value>`, with commas between, as OpenTelemetry has it: values are percent-encoded. */
  readonly headers: string | undefined;
  readonly serviceName: string;
  readonly serviceVersion: string;
  /** Of traces that begin here; a caller's own decision stands. */
  readonly ratio: number;
}

const PER_EXPORT = 2048;
const MOST_WAITING = 8192;
const EVERY_MS = 2000;

const silent = (): void => undefined;

/** Sends spans from now on. @returns what sends the last ones. */
export function startTracing(
  { endpoint, headers, ratio, ...service }: TracingOptions,
  logger: Logger,
): () => Promise<void> {
  // Such as that the collector is away.
  const report = (message: string): void => logger.warn({ detail: message.slice(0, 300) }, 'tracing failed');
  diag.setLogger({ error: report, warn: report, info: silent, debug: silent, verbose: silent }, DiagLogLevel.WARN);
  const exporter = new OTLPTraceExporter({ url: tracesAt(endpoint), headers: headersIn(headers) });
  const processor = new BatchSpanProcessor({
    exporter,
    maxExportBatchSize: PER_EXPORT,
    maxQueueSize: MOST_WAITING,
    scheduledDelayMillis: EVERY_MS,
  });
  const provider = new TracerProvider({
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
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

function tracesAt(endpoint: string): string {
  const url = new URL(endpoint);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/traces`;
  return url.href;
}

function headersIn(text = ''): Record<string, string> {
  const pairs = text.split(',').map((pair) => pair.trim().split('='));
  return Object.fromEntries(
    pairs.flatMap(([name = '', ...rest]) => (name === '' ? [] : [[name, decoded(rest.join('='))]])),
  );
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
