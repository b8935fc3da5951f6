import type { OnApplicationShutdown } from '@nestjs/common';
import { AgentError } from '../errors/agent.error.js';
import {
  LanguageModel,
  type ModelCall,
  type ModelEvent,
  type ModelReply,
  type ModelRequest,
} from './language.model.js';
import type { OpenAITransport } from './openai.transport.js';
import { ProviderRefusal } from './provider.failure.js';

/** Parameters that some models refuse and that can be done without, or be said otherwise. */
const OPTIONAL_PARAMETERS = ['temperature', 'max_tokens', 'stream_options'] as const;
export type OptionalParameter = (typeof OPTIONAL_PARAMETERS)[number];

/** What both APIs of an OpenAI-compatible provider share: asking, and asking again without what a model refuses. */
export abstract class OpenAIModel extends LanguageModel implements OnApplicationShutdown {
  readonly #refused = new Map<string, Set<OptionalParameter>>();

  constructor(protected readonly transport: OpenAITransport) {
    super();
  }

  nameFor(model: string): string {
    return model;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.transport.close();
  }

  async reply(request: ModelRequest, call: ModelCall): Promise<ModelReply> {
    for (;;) {
      try {
        const answer = await this.transport.text(this.path, this.body(request, false), call);
        return this.#read(call, () => this.readReply(answer, request));
      } catch (failure) {
        this.#learn(failure, request.model);
      }
    }
  }

  async *stream(request: ModelRequest, call: ModelCall): AsyncGenerator<ModelEvent> {
    for (;;) {
      try {
        const reader = this.reader(request);
        for await (const batch of this.transport.events(this.path, this.body(request, true), call)) {
          for (const data of batch) {
            const text = this.#read(call, () => reader.read(data));
            if (text) yield { type: 'delta', text };
          }
        }
        yield { type: 'reply', reply: this.#read(call, () => reader.finish()) };
        return;
      } catch (failure) {
        this.#learn(failure, request.model);
      }
    }
  }

  /** The path of the API under the base URL. */
  protected abstract readonly path: string;
  protected abstract body(request: ModelRequest, isStreamed: boolean): object;
  /** Reads a whole answer's body. */
  protected abstract readReply(body: string, request: ModelRequest): ModelReply;
  protected abstract reader(request: ModelRequest): StreamReader;

  protected refuses(model: string, parameter: OptionalParameter): boolean {
    return this.#refused.get(model)?.has(parameter) ?? false;
  }

  /** Notes the parameter that the model refused, so that the next try does without it; else the failure stands. */
  #learn(failure: unknown, model: string): void {
    const parameter = refusedParameter(failure);
    if (parameter === undefined || this.refuses(model, parameter)) throw failure;
    const known = this.#refused.get(model) ?? new Set();
    this.#refused.set(model, known.add(parameter));
  }

  /** An answer of another shape than the API's is a failure of the provider, not of the service. */
  #read<T>(call: ModelCall, step: () => T): T {
    call.signal.throwIfAborted();
    try {
      return step();
    } catch (failure) {
      if (failure instanceof AgentError) throw failure;
      throw new AgentError('model_error', { detail: 'The model provider gave an answer that cannot be read.' });
    }
  }
}

/** Reads one streamed answer. */
export interface StreamReader {
  /** The text that one event's data adds. @throws AgentError when the event reports a failure. */
  read(data: string): string;
  /** The whole answer after the last event. @throws AgentError when it was cut off. */
  finish(): ModelReply;
}

function refusedParameter(failure: unknown): OptionalParameter | undefined {
  if (!(failure instanceof AgentError) || !(failure.cause instanceof ProviderRefusal)) return undefined;
  const { status, parameter } = failure.cause;
  return status === 400 ? OPTIONAL_PARAMETERS.find((name) => name === parameter) : undefined;
}

export function cutOff(): AgentError {
  return new AgentError('model_error', { detail: 'The model provider broke off its answer.' });
}

export function filtered(): AgentError {
  return new AgentError('model_error', { detail: "The model provider's content filter stopped the answer." });
}

/** A schema of answers, as both APIs want it named. */
export function named(schema: object): object {
  return { name: 'answer', schema, strict: true };
}
