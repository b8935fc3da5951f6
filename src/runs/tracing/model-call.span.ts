import { type Attributes, SpanKind } from '@opentelemetry/api';
import type { ModelCall, ModelReply, ModelRequest } from '../../models/language.model.js';
import type { AgentMetrics } from '../../telemetry/agent.metrics.js';
import { ATTRIBUTE, OPERATION } from '../../telemetry/semantic.names.js';
import { errorTypeOf, OpenSpan } from '../../telemetry/spans.js';
import type { Run } from '../run.js';
import { finishOf, inputOf, instructionsOf, outputOf } from './genai.messages.js';

/** A model request with its run, agent role and provider. */
export interface TracedModelCall {
  readonly run: Run;
  readonly role: string;
  readonly provider: string;
  /** The provider's name of the requested model. */
  readonly model: string;
  readonly request: ModelRequest;
  readonly isStreamed: boolean;
  /** True: the span records the messages. */
  readonly captureContent: boolean;
}

/**
 * The span and the duration of one model call. It ends with its run at the latest, because a model may ignore the
 * signal.
 */
export class ModelCallSpan {
  /** The call with the trace headers for the provider. */
  readonly call: ModelCall;
  readonly #startedMs = performance.now();
  readonly #span: OpenSpan;
  #firstSeconds: number | undefined;
  #isOver = false;

  constructor(
    readonly traced: TracedModelCall,
    call: ModelCall,
    private readonly metrics: AgentMetrics,
  ) {
    const { model, request, captureContent } = traced;
    const name = `${OPERATION.chat} ${model}`;
    this.#span = new OpenSpan({ name, kind: SpanKind.CLIENT, attributes: attributesOf(traced) });
    if (captureContent) {
      this.#span.note(() => ({
        [ATTRIBUTE.instructions]: instructionsOf(request),
        [ATTRIBUTE.inputMessages]: inputOf(request),
      }));
    }
    const { headers } = this.#span;
    this.call = headers === undefined ? call : { ...call, traceHeaders: headers };
    traced.run.openCalls.add(this);
  }

  run<T>(work: () => T): T {
    return this.#span.within(work);
  }

  /** Starts a stream within the span: the body of a generator runs in the context of its first `next` call. */
  startStream<T>(openStream: () => AsyncIterable<T>): AsyncIterable<T> {
    return {
      [Symbol.asyncIterator]: () => {
        const events = this.run(openStream)[Symbol.asyncIterator]();
        let hasBegun = false;
        return {
          next: () => {
            if (hasBegun) return events.next();
            hasBegun = true;
            return this.run(() => events.next());
          },
          return: async () => (await events.return?.()) ?? { done: true, value: undefined },
        };
      },
    };
  }

  recordFirstDelta(): void {
    if (this.#firstSeconds !== undefined) return;
    this.#firstSeconds = this.#seconds;
    this.metrics.firstDelta(this.traced.model, this.#firstSeconds);
  }

  end(reply: ModelReply): void {
    if (!this.#finish('')) return;
    this.#span.note(() => answerOf(reply));
    if (this.traced.captureContent) this.#span.note(() => ({ [ATTRIBUTE.outputMessages]: outputOf(reply) }));
    this.#span.end();
  }

  fail(failure: unknown): void {
    if (this.#finish(errorTypeOf(failure))) this.#span.fail(failure);
  }

  /** Ends the span as cancelled, because the reader has left. */
  cancel(): void {
    if (this.#finish('cancelled')) this.#span.failWith('cancelled');
  }

  get #seconds(): number {
    return (performance.now() - this.#startedMs) / 1000;
  }

  #finish(error: string): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    const { run, role, model } = this.traced;
    run.openCalls.delete(this);
    this.metrics.endModelCall({ role, model, seconds: this.#seconds, error });
    if (this.#firstSeconds !== undefined) this.#span.note(() => ({ [ATTRIBUTE.firstChunk]: this.#firstSeconds }));
    return true;
  }
}

function attributesOf({ run, role, provider, model, request, isStreamed }: TracedModelCall): Attributes {
  return {
    [ATTRIBUTE.operation]: OPERATION.chat,
    [ATTRIBUTE.provider]: provider,
    [ATTRIBUTE.agent]: role,
    [ATTRIBUTE.conversation]: run.session.session_id,
    [ATTRIBUTE.requestModel]: model,
    [ATTRIBUTE.requestTemperature]: request.temperature,
    ...(request.maxOutputTokens !== undefined && { [ATTRIBUTE.requestMaxTokens]: request.maxOutputTokens }),
    ...(request.output !== undefined && { [ATTRIBUTE.outputType]: 'json' }),
    ...(isStreamed && { [ATTRIBUTE.requestStream]: true }),
  };
}

function answerOf(reply: ModelReply): Attributes {
  const { inputTokens, outputTokens, cachedTokens, reasoningTokens } = reply.usage;
  return {
    [ATTRIBUTE.responseModel]: reply.model,
    [ATTRIBUTE.inputTokens]: inputTokens,
    [ATTRIBUTE.outputTokens]: outputTokens,
    ...(cachedTokens !== undefined && { [ATTRIBUTE.cachedTokens]: cachedTokens }),
    ...(reasoningTokens !== undefined && { [ATTRIBUTE.reasoningTokens]: reasoningTokens }),
    [ATTRIBUTE.finishReasons]: [finishOf(reply)],
  };
}
