import {
  type Attributes,
  type Context,
  context,
  propagation,
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
  /** Asked for only where the span is recorded. */
  readonly attributes: () => Attributes;
  /** Default: what is under way. */
  readonly parent?: Context | undefined;
}

/** Where nobody has set up an SDK every span is the API's empty one. */
const tracer = trace.getTracer('rookery');

/** A span and the context of what is done within it. */
export class OpenSpan {
  readonly context: Context;
  /** Undefined where it is not recorded. */
  readonly ids: SpanIds | undefined;
  readonly #span: Span;

  constructor({ name, kind = SpanKind.INTERNAL, attributes, parent = context.active() }: SpanStart) {
    this.#span = tracer.startSpan(name, { kind }, parent);
    this.context = trace.setSpan(parent, this.#span);
    this.ids = idsOf(this.#span);
    this.note(attributes);
  }

  /** What the next service is told, for it to go on with the trace. */
  get headers(): TraceHeaders | undefined {
    return headersOf(this.context);
  }

  note(attributes: () => Attributes): void {
    if (this.#span.isRecording()) this.#span.setAttributes(attributes());
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
    if (this.#span.isRecording()) {
      this.#span.setAttribute(ATTRIBUTE.errorType, errorType);
      this.#span.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.#span.end();
  }

  end(): void {
    this.#span.end();
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

/** The trace that a request or a stored run belongs to. Whatever is no trace context is passed over. */
export function contextOf(headers: Readonly<Record<string, unknown>>): Context {
  return propagation.extract(context.active(), headers);
}

/** Undefined where nothing is traced. */
export function headersOf(of: Context = context.active()): TraceHeaders | undefined {
  if (trace.getSpanContext(of) === undefined) return undefined;
  const headers: TraceHeaders = {};
  propagation.inject(of, headers);
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
  return failure instanceof Error ? failure.name : '_OTHER';
}

function idsOf(span: Span): SpanIds | undefined {
  if (!span.isRecording()) return undefined;
  const { traceId, spanId } = span.spanContext();
  return { trace_id: traceId, span_id: spanId };
}
