import {
  type Attributes,
  type Context,
  context,
  diag,
  INVALID_SPAN_CONTEXT,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { AgentError } from '../errors/agent.error.js';
import { ATTRIBUTE } from './semantic.names.js';

/** Whether what was said, and what tools were given and gave, stands on spans. */
export abstract class TelemetryRules {
  abstract readonly telemetry: { readonly captureContent: boolean };
}

/** W3C trace context, as headers have it. */
export type TraceHeaders = Record<string, string>;

/** What a log line has of the span that it belongs to. */
export interface SpanIds {
  readonly trace_id: string;
  readonly span_id: string;
}

/** What begins. */
export interface SpanStart {
  readonly name: string;
  readonly kind?: SpanKind;
  /** What is known from the start: samplers decide by it. */
  readonly attributes: Attributes;
  /** Default: what is under way. */
  readonly parent?: Context | undefined;
}

/** Where nobody has set up an SDK every span is the API's empty one. */
const tracer = trace.getTracer('rookery');

/**
 * A span and the context of what is done within it. What the SDK of a host, or a part of it, throws is told to its
 * `diag` and to nobody else.
 */
export class OpenSpan {
  readonly context: Context;
  /** Undefined where it is not recorded. */
  readonly ids: SpanIds | undefined;
  readonly #span: Span;

  constructor({ name, kind = SpanKind.INTERNAL, attributes, parent = context.active() }: SpanStart) {
    this.#span = quietly(
      () => tracer.startSpan(name, { kind, attributes }, parent),
      () => trace.wrapSpanContext(INVALID_SPAN_CONTEXT),
    );
    this.context = trace.setSpan(parent, this.#span);
    this.ids = idsOf(this.#span);
  }

  /** What the next service is told, for it to go on with the trace. */
  get headers(): TraceHeaders | undefined {
    return headersOf(this.context);
  }

  /** @param attributes asked for only where the span is recorded. */
  note(attributes: () => Attributes): void {
    if (this.#span.isRecording()) quietly(() => this.#span.setAttributes(attributes()), nothing);
  }

  /** Does the work with this span as the one under way. */
  within<T>(work: () => T): T {
    return context.with(this.context, work);
  }

  /** Ends it as failed. Nothing of the failure but its kind is told: messages may repeat what was said. */
  fail(failure: unknown): void {
    this.failWith(errorTypeOf(failure));
  }

  failWith(errorType: string): void {
    this.note(() => ({ [ATTRIBUTE.errorType]: errorType }));
    quietly(() => this.#span.setStatus({ code: SpanStatusCode.ERROR }), nothing);
    this.end();
  }

  end(): void {
    quietly(() => this.#span.end(), nothing);
  }
}

/** Does the work within a span, which ends with it. */
export async function inSpan<T>(start: SpanStart, work: (span: OpenSpan) => Promise<T>): Promise<T> {
  const span = new OpenSpan(start);
  try {
    const result = await span.within(() => work(span));
    span.end();
    return result;
  } catch (failure) {
    span.fail(failure);
    throw failure;
  }
}

/**
 * The trace that a request or a stored run belongs to. Whatever is no trace context is passed over.
 *
 * @param base what holds where there is none; default: what is under way.
 */
export function contextOf(headers: Readonly<Record<string, unknown>>, base: Context = context.active()): Context {
  return quietly(
    () => propagation.extract(base, headers),
    () => base,
  );
}

/** As `contextOf`, for what has nothing to do with what is under way where it begins. */
export function storedContextOf(headers: Readonly<Record<string, unknown>> = {}): Context {
  return contextOf(headers, ROOT_CONTEXT);
}

/** Undefined where nothing is traced. */
export function headersOf(of: Context = context.active()): TraceHeaders | undefined {
  if (trace.getSpanContext(of) === undefined) return undefined;
  const headers: TraceHeaders = {};
  quietly(() => propagation.inject(of, headers), nothing);
  return 'traceparent' in headers ? headers : undefined;
}

/** The ids of the span that is under way, for log lines. */
export function activeSpanIds(): SpanIds | undefined {
  const span = trace.getActiveSpan();
  return span && idsOf(span);
}

/** The code of a failure of ours, else the name of its class. */
export function errorTypeOf(failure: unknown): string {
  if (failure instanceof AgentError) return failure.code;
  if (!(failure instanceof Error)) return '_OTHER';
  return failure.name === 'Error' ? failure.constructor.name : failure.name;
}

function quietly<T>(work: () => T, otherwise: () => T): T {
  try {
    return work();
  } catch (failure) {
    diag.error('rookery: a span failed', failure);
    return otherwise();
  }
}

function nothing(): undefined {
  return undefined;
}

function idsOf(span: Span): SpanIds | undefined {
  if (!span.isRecording()) return undefined;
  const { traceId, spanId } = span.spanContext();
  return { trace_id: traceId, span_id: spanId };
}
