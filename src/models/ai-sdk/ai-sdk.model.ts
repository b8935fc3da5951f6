import { Logger } from '@nestjs/common';
import { iterateUntilAborted, raceAbort } from '../../async/abortable.js';
import { AgentError } from '../../errors/agent.error.js';
import {
  LanguageModel,
  type ModelCall,
  type ModelEvent,
  type ModelReply,
  type ModelRequest,
  type ModelTarget,
} from '../language.model.js';
import { withRetries } from '../model.retries.js';
import { brokenAnswerError, ProviderRefusal, toAgentError } from '../openai/provider.failure.js';
import { AnswerReader } from './ai-sdk.answer.js';
import { toKnownFailure } from './ai-sdk.failure.js';
import {
  type AiSdkLanguageModel,
  type AiSdkPort,
  type GenerateResult,
  portOf,
  type StreamPart,
} from './ai-sdk.port.js';
import { type PromptOptions, toPromptOptions } from './ai-sdk.prompt.js';
import { semanticNameOf } from './provider.names.js';

const MAX_LOGGED_WARNINGS = 100;

/** A language model of the AI SDK as a port. */
export class AiSdkModel extends LanguageModel {
  readonly #logger = new Logger(AiSdkModel.name);
  readonly #port: AiSdkPort;
  readonly #source: string;
  readonly #warnings = new Set<string>();
  #isTemperatureRefused = false;

  constructor(private readonly model: AiSdkLanguageModel) {
    super();
    this.#port = portOf(model);
    this.#source = `ai-sdk ${model.provider}`;
  }

  override get provider(): string {
    return semanticNameOf(this.model.provider);
  }

  override targetOf(): ModelTarget {
    return { provider: this.provider, model: this.model.modelId };
  }

  nameFor(): string {
    return this.model.modelId;
  }

  async reply(request: ModelRequest, call: ModelCall): Promise<ModelReply> {
    const result = await this.#begin(request, call, (options) => raceAbort(this.#port.generate(options), call.signal));
    return readAnswer(call, () => {
      this.#logWarnings(result.warnings);
      return this.#reader(request).readWhole(result);
    });
  }

  async *stream(request: ModelRequest, call: ModelCall): AsyncGenerator<ModelEvent> {
    const parts = await this.#begin(request, call, async (options) =>
      begun(await raceAbort(this.#port.stream(options), call.signal), call.signal),
    );
    const reader = this.#reader(request);
    try {
      for await (const part of parts) {
        if (part.type === 'error') throw part.error;
        const text = readAnswer(call, () => {
          if (part.type === 'stream-start') this.#logWarnings(part.warnings);
          return reader.read(part);
        });
        if (text) yield { type: 'delta', text };
      }
    } catch (failure) {
      call.signal.throwIfAborted();
      throw toAgentError(toKnownFailure(failure));
    }
    yield { type: 'reply', reply: readAnswer(call, () => reader.finish()) };
  }

  /** Begins an answer, and begins it again without a temperature that the model refuses. */
  async #begin<T>(request: ModelRequest, call: ModelCall, begin: (options: PromptOptions) => Promise<T>): Promise<T> {
    const isTemperatureRefused = this.#isTemperatureRefused;
    const target = { provider: this.model.provider, source: this.#source, isTemperatureRefused };
    const options = toPromptOptions(request, call, target);
    try {
      return await withRetries(call, () =>
        begin(options).catch((failure: unknown) => {
          throw toKnownFailure(failure);
        }),
      );
    } catch (failure) {
      if (isTemperatureRefused || !refusesTemperature(failure)) throw failure;
      this.#isTemperatureRefused = true;
      return await this.#begin(request, call, begin);
    }
  }

  #reader(request: ModelRequest): AnswerReader {
    return new AnswerReader(request, this.model.modelId, this.#source);
  }

  /** Logs each warning once. */
  #logWarnings(warnings: GenerateResult['warnings']): void {
    for (const warning of warnings) {
      const text = JSON.stringify(warning);
      if (this.#warnings.has(text) || this.#warnings.size === MAX_LOGGED_WARNINGS) continue;
      this.#warnings.add(text);
      const { provider, modelId: model } = this.model;
      this.#logger.warn({ provider, model, warning, msg: 'the model provider ignores a part of the requests' });
    }
  }
}

/** The parts of a stream once a text is out or the answer is complete. Until then a failure may be retried. */
async function begun(stream: AsyncIterable<StreamPart>, signal: AbortSignal): Promise<AsyncIterable<StreamPart>> {
  const parts = iterateUntilAborted(stream, signal);
  const preamble: StreamPart[] = [];
  for (;;) {
    const step = await parts.next();
    if (step.done === true) throw brokenAnswerError();
    if (step.value.type === 'error') {
      await parts.return(undefined);
      throw step.value.error;
    }
    preamble.push(step.value);
    if (step.value.type === 'text-delta' || step.value.type === 'finish') return resumed(preamble, parts);
  }
}

async function* resumed<T>(first: readonly T[], rest: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    yield* first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

/** An answer that does not match the specification is a failure of the provider, not of the service. */
function readAnswer<T>({ signal }: ModelCall, step: () => T): T {
  signal.throwIfAborted();
  try {
    return step();
  } catch (failure) {
    if (failure instanceof AgentError) throw failure;
    throw new AgentError('model_error', { detail: 'The model provider sent an answer that cannot be parsed.' });
  }
}

function refusesTemperature(failure: unknown): boolean {
  if (!(failure instanceof AgentError) || !(failure.cause instanceof ProviderRefusal)) return false;
  const { cause } = failure;
  return (cause.status === 400 || cause.status === 422) && cause.says(/\btemperature\b/i);
}
