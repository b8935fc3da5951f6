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

/** W3C trace context as headers. */
export type TraceHeaders = Record<string, string>;

/** The span of a log line. */
export interface SpanIds {
  /** 32 hex digits. */
  readonly trace_id: string;
  /** 16 hex digits. */
  readonly span_id: string;
}

/** Options of a new span. */
export interface SpanStart {
  readonly name: string;
  readonly kind?: SpanKind;
  /** Attributes known from the start: samplers use them. */
  readonly attributes: Attributes;
  /** Default: the active context. */
  readonly parent?: Context | undefined;
}

const TRACER = 'rookery';
const NOOP_SPAN = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

/**
 * A span, and the context for work within it. Exceptions of the host's SDK go only to its `diag`. Without an SDK it
 * does nothing.
 *
 * @example
 * import { OpenSpan } from 'rookery';
 *
 * const span = new OpenSpan({ name: 'import', attributes: { 'app.rows': 1000 } });
 * try {
 *   await span.within(() => runner.run({ message: 'Hello' }));
 *   span.end();
 * } catch (failure) {
 *   span.fail(failure);
 *   throw failure;
 * }
 */
export class OpenSpan {
  /** The context for work within the span. */
  readonly context: Context;
  /** The ids for log lines; undefined if the span is not recorded. */
  readonly ids: SpanIds | undefined;
  readonly #span: Span;

  constructor({ name, kind = SpanKind.INTERNAL, attributes, parent = context.active() }: SpanStart) {
    // Without an SDK every span is the API's no-op span. A host may replace its SDK.
    this.#span = withoutThrowing(
      () => trace.getTracer(TRACER).startSpan(name, { kind, attributes }, parent),
      NOOP_SPAN,
    );
    this.context = trace.setSpan(parent, this.#span);
    this.ids = idsOf(this.#span);
  }

  /** The headers with which the next service continues the trace. */
  get headers(): TraceHeaders | undefined {
    return headersOf(this.context);
  }

  /**
   * Adds attributes.
   *
   * @param attributes called only if the span is recorded.
   */
  note(attributes: () => Attributes): void {
    if (this.#span.isRecording()) withoutThrowing(() => this.#span.setAttributes(attributes()), undefined);
  }

  /** Runs the work with this span as the active one. */
  within<T>(work: () => T): T {
    return context.with(this.context, work);
  }

  /** Ends it as failed. Records only the type of the failure: messages may repeat content. */
  fail(failure: unknown): void {
    this.failWith(errorTypeOf(failure));
  }

  /**
   * Ends it as failed.
   *
   * @param errorType an error code or the name of a class, for the attribute `error.type`.
   */
  failWith(errorType: string): void {
    this.note(() => ({ [ATTRIBUTE.errorType]: errorType }));
    withoutThrowing(() => this.#span.setStatus({ code: SpanStatusCode.ERROR }), undefined);
    this.end();
  }

  /** Ends it as successful. Later calls do nothing. */
  end(): void {
    withoutThrowing(() => this.#span.end(), undefined);
  }
}

/** Runs the work within a span, which ends with it. */
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
 * The trace context of a request or a stored run. Invalid headers are ignored.
 *
 * @param base the result if the headers have no trace context; default: the active context.
 *
 * @example
 * import { context } from '@opentelemetry/api';
 * import { contextOf } from 'rookery';
 *
 * const headers = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
 * await context.with(contextOf(headers), () => runner.run({ message: 'Hello' }));
 */
export function contextOf(headers: Readonly<Record<string, unknown>>, base: Context = context.active()): Context {
  return withoutThrowing(() => propagation.extract(base, headers), base);
}

/** As `contextOf`, for work that is unrelated to the active context. */
export function storedContextOf(headers: Readonly<Record<string, unknown>> = {}): Context {
  return contextOf(headers, ROOT_CONTEXT);
}

/** Undefined if nothing is traced. */
export function headersOf(of: Context = context.active()): TraceHeaders | undefined {
  if (trace.getSpanContext(of) === undefined) return undefined;
  const headers: TraceHeaders = {};
  withoutThrowing(() => propagation.inject(of, headers), undefined);
  return 'traceparent' in headers ? headers : undefined;
}

/**
 * The ids of the active span, for log lines.
 *
 * @returns undefined if no recorded span is active.
 *
 * @example
 * import { activeSpanIds } from 'rookery';
 *
 * console.log({ msg: 'an order was refunded', ...activeSpanIds() });
 */
export function activeSpanIds(): SpanIds | undefined {
  const span = trace.getActiveSpan();
  return span && idsOf(span);
}

/** The code of an AgentError, else the name of the error's class. */
export function errorTypeOf(failure: unknown): string {
  if (failure instanceof AgentError) return failure.code;
  if (!(failure instanceof Error)) return '_OTHER';
  return failure.name === 'Error' ? failure.constructor.name : failure.name;
}

function withoutThrowing<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch (failure) {
    diag.error('rookery: a span operation failed', failure);
    return otherwise;
  }
}

function idsOf(span: Span): SpanIds | undefined {
  if (!span.isRecording()) return undefined;
  const { traceId, spanId } = span.spanContext();
  return { trace_id: traceId, span_id: spanId };
}
