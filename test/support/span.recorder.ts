import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { type ReadableSpan, type Span, type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

/** A host's OpenTelemetry SDK in this process, which keeps its spans. */
export class SpanRecorder implements SpanProcessor {
  readonly started: Span[] = [];
  readonly ended: ReadableSpan[] = [];
  /** Throws at every start and end of a span. */
  isBroken = false;

  /** Installs it for the suite that calls. */
  static install(): SpanRecorder {
    const recorder = new SpanRecorder();
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [recorder] }));
    afterAll(() => {
      trace.disable();
      context.disable();
      propagation.disable();
    });
    return recorder;
  }

  clear(): void {
    this.started.length = 0;
    this.ended.length = 0;
    this.isBroken = false;
  }

  /** The spans that have not ended. */
  get open(): string[] {
    return this.started.filter((span) => !span.ended).map(({ name }) => name);
  }

  named(name: string): ReadableSpan[] {
    return this.ended.filter((span) => span.name === name);
  }

  onStart(span: Span): void {
    this.started.push(span);
    if (this.isBroken) throw new Error('broken');
  }

  onEnd(span: ReadableSpan): void {
    this.ended.push(span);
    if (this.isBroken) throw new Error('broken');
  }

  async forceFlush(): Promise<void> {
    // It keeps them all.
  }

  async shutdown(): Promise<void> {
    // Nothing is open.
  }
}
