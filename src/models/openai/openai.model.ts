import type { OnApplicationShutdown } from '@nestjs/common';
import { AgentError } from '../../errors/agent.error.js';
import { isString } from '../../json/json.object.js';
import {
  LanguageModel,
  type ModelCall,
  type ModelEvent,
  type ModelReply,
  type ModelRequest,
  type ModelUsage,
} from '../language.model.js';
import { estimateUsage } from '../token.estimate.js';
import type { OpenAITransport } from './openai.transport.js';
import { ContentFilterCause, ProviderRefusal } from './provider.failure.js';

/** Parameters that some models refuse and that can be left out or renamed. */
const OPTIONAL_PARAMETERS = ['temperature', 'max_tokens', 'stream_options'] as const;
export type OptionalParameter = (typeof OPTIONAL_PARAMETERS)[number];

/** The common part of both OpenAI APIs. It repeats a request without the parameters that a model refuses. */
export abstract class OpenAIModel extends LanguageModel implements OnApplicationShutdown {
  readonly #refused = new Map<string, Set<OptionalParameter>>();

  constructor(protected readonly transport: OpenAITransport) {
    super();
  }

  override get provider(): string {
    return this.transport.provider;
  }

  nameFor(model: string): string {
    return model;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.transport.close();
  }

  async reply(request: ModelRequest, call: ModelCall): Promise<ModelReply> {
    for (;;) {
      const body = this.body(request, false);
      try {
        const answer = await this.transport.text(this.path, body, call);
        return this.#read(call, () => replyOf(request, this.readAnswer(answer)));
      } catch (failure) {
        this.#rememberRefusal(failure, request.model, body);
      }
    }
  }

  async *stream(request: ModelRequest, call: ModelCall): AsyncGenerator<ModelEvent> {
    for (;;) {
      const body = this.body(request, true);
      try {
        const reader = this.reader();
        for await (const batch of this.transport.events(this.path, body, call)) {
          for (const data of batch) {
            const text = this.#read(call, () => reader.read(data));
            if (text) yield { type: 'delta', text };
          }
        }
        yield { type: 'reply', reply: this.#read(call, () => replyOf(request, reader.finish())) };
        return;
      } catch (failure) {
        this.#rememberRefusal(failure, request.model, body);
      }
    }
  }

  /** The path of the API below the base URL. */
  protected abstract readonly path: string;
  protected abstract body(request: ModelRequest, isStreamed: boolean): object;
  /** Parses the body of a complete answer. @throws TypeError or SyntaxError if it does not match the API. */
  protected abstract readAnswer(body: string): ProviderAnswer;
  protected abstract reader(): StreamReader;

  protected refuses(model: string, parameter: OptionalParameter): boolean {
    return this.#refused.get(model)?.has(parameter) ?? false;
  }

  /** Remembers a parameter that the model refused, so that the next attempt omits it. Throws any other failure. */
  #rememberRefusal(failure: unknown, model: string, body: object): void {
    const parameter = refusedParameter(failure);
    if (parameter === undefined || !(parameter in body)) throw failure;
    const refusedParameters = this.#refused.get(model) ?? new Set();
    this.#refused.set(model, refusedParameters.add(parameter));
  }

  /** An answer that does not match the API is a failure of the provider, not of the service. */
  #read<T>(call: ModelCall, step: () => T): T {
    call.signal.throwIfAborted();
    try {
      return step();
    } catch (failure) {
      if (failure instanceof AgentError) throw failure;
      throw new AgentError('model_error', { detail: 'The model provider sent an answer that cannot be parsed.' });
    }
  }
}

/** A complete answer. The provider may leave out its model and its usage. */
export interface ProviderAnswer extends Omit<ModelReply, 'model' | 'usage'> {
  readonly model: unknown;
  readonly usage: ModelUsage | undefined;
}

/** Reads one streamed answer. */
export interface StreamReader {
  /** The text that one event's data adds. @throws AgentError if the event reports a failure; TypeError or SyntaxError. */
  read(data: string): string;
  /** The complete answer after the last event. @throws AgentError if the stream was incomplete. */
  finish(): ProviderAnswer;
}

function replyOf(request: ModelRequest, { model, usage, ...answer }: ProviderAnswer): ModelReply {
  return {
    ...answer,
    model: isString(model) ? model : request.model,
    usage: usage ?? estimateUsage(request, answer.text),
  };
}

function refusedParameter(failure: unknown): OptionalParameter | undefined {
  if (!(failure instanceof AgentError) || !(failure.cause instanceof ProviderRefusal)) return undefined;
  const { status, parameter } = failure.cause;
  return status === 400 ? OPTIONAL_PARAMETERS.find((name) => name === parameter) : undefined;
}

export function truncatedStreamError(): AgentError {
  return new AgentError('model_error', { detail: 'The model provider broke off its answer.' });
}

export function contentFilterError(): AgentError {
  const detail = "The model provider's content filter stopped the answer.";
  return new AgentError('model_error', { detail }, { cause: new ContentFilterCause() });
}

/** The schema of answers with the name that both APIs require. */
export function toJsonSchemaFormat(schema: object, { isOutputStrict: strict = true }: ModelRequest): object {
  return { name: 'answer', schema, strict };
}
