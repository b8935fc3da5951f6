import { SpanKind } from '@opentelemetry/api';
import type { ModelCall, ModelMessage, ModelReply, ModelRequest } from '../models/language.model.js';
import type { AgentMetrics } from '../telemetry/agent.metrics.js';
import { ATTRIBUTE, OPERATION } from '../telemetry/semantic.names.js';
import { errorTypeOf, OpenSpan } from '../telemetry/spans.js';

/** One model call as those see it who watch the service: its span, and its time. */
export class ModelCallSpan {
  readonly #startedMs = performance.now();
  readonly #span: OpenSpan;
  #hasBegun = false;
  #isOver = false;

  constructor(
    private readonly role: string,
    private readonly request: ModelRequest,
    private readonly metrics: AgentMetrics,
    private readonly capturesContent: boolean,
  ) {
    this.#span = new OpenSpan({
      name: `${OPERATION.chat} ${request.model}`,
      kind: SpanKind.CLIENT,
      attributes: () => ({
        [ATTRIBUTE.operation]: OPERATION.chat,
        [ATTRIBUTE.agent]: role,
        [ATTRIBUTE.requestModel]: request.model,
        ...(capturesContent && {
          [ATTRIBUTE.instructions]: JSON.stringify([{ type: 'text', content: request.instructions }]),
          [ATTRIBUTE.inputMessages]: JSON.stringify(request.messages.map(messageOf)),
        }),
      }),
    });
  }

  within<T>(work: () => T): T {
    return this.#span.within(work);
  }

  /** The call, with the trace that the provider is to go on with. */
  callOf(call: ModelCall): ModelCall {
    const { headers } = this.#span;
    return headers === undefined ? call : { ...call, traceHeaders: headers };
  }

  delta(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.metrics.firstDelta(this.request.model, this.#seconds);
  }

  end(reply: ModelReply): void {
    if (!this.#over('')) return;
    this.#span.note(() => ({
      [ATTRIBUTE.responseModel]: reply.model,
      [ATTRIBUTE.inputTokens]: reply.usage.inputTokens,
      [ATTRIBUTE.outputTokens]: reply.usage.outputTokens,
      [ATTRIBUTE.finishReasons]: [finishOf(reply)],
      ...(this.capturesContent && {
        [ATTRIBUTE.outputMessages]: JSON.stringify([
          messageOf({ role: 'assistant', content: reply.text, toolCalls: reply.toolCalls ?? [] }),
        ]),
      }),
    }));
    this.#span.end();
  }

  fail(failure: unknown): void {
    if (this.#over(errorTypeOf(failure))) this.#span.fail(failure);
  }

  /** Its reader has left it. */
  breakOff(): void {
    if (this.#over('cancelled')) this.#span.end();
  }

  get #seconds(): number {
    return (performance.now() - this.#startedMs) / 1000;
  }

  #over(error: string): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    const { role, request } = this;
    this.metrics.endModelCall({ role, model: request.model, seconds: this.#seconds, error });
    return true;
  }
}

function finishOf({ toolCalls = [], isTruncated }: ModelReply): string {
  if (isTruncated) return 'length';
  return toolCalls.length > 0 ? 'tool_call' : 'stop';
}

/** In the form of the conventions; images are only mentioned. */
function messageOf(message: ModelMessage): object {
  if (message.role === 'tool') {
    return { role: 'tool', parts: [{ type: 'tool_call_response', id: message.callId, response: message.content }] };
  }
  const text = { type: 'text', content: message.content };
  const calls = message.role === 'assistant' ? (message.toolCalls ?? []) : [];
  return {
    role: message.role,
    parts: [
      text,
      ...calls.map(({ callId, name, arguments: given }) => ({ type: 'tool_call', id: callId, name, arguments: given })),
    ],
  };
}
