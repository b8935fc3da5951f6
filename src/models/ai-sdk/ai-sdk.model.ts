import { Logger } from '@nestjs/common';
import { iterateUntilAborted, raceAbort } from '../../async/abortable.js';
import { resultBefore } from '../../async/result.before.js';
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
/** How long to wait for further parts after the end of an answer. */
const LATE_PARTS_MS = 1000;
const TEMPERATURE =
  /temperature.{0,200}(support|deprecated|allowed|permitted)|(support|permitted).{0,200}temperature/is;
const RETURNED_DATA = /signature|thinking|reasoning|encrypted/i;

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
    this.#source = `ai-sdk ${model.provider} ${model.modelId}`;
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
      for await (const part of untilFinished(parts)) {
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

  /** Begins an answer, and begins it again without what the provider refuses. */
  async #begin<T>(
    request: ModelRequest,
    call: ModelCall,
    begin: (options: PromptOptions) => Promise<T>,
    source = this.#source,
  ): Promise<T> {
    const isTemperatureRefused = this.#isTemperatureRefused;
    const target = { provider: this.model.provider, source, isTemperatureRefused };
    const options = toPromptOptions(request, call, target);
    try {
      return await withRetries(call, () =>
        begin(options).catch((failure: unknown) => {
          throw toKnownFailure(failure);
        }),
      );
    } catch (failure) {
      if (!isTemperatureRefused && refuses(failure, TEMPERATURE)) {
        this.#isTemperatureRefused = true;
        return await this.#begin(request, call, begin, source);
      }
      // The provider can no longer read its own data: after a change of its key, for example.
      if (!hasData(request, source) || !refuses(failure, RETURNED_DATA)) throw failure;
      return await this.#begin(request, call, begin, '');
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
    if (isInterrupted(step.value)) throw brokenAnswerError();
    if (step.value.type === 'text-delta' || step.value.type === 'finish') return resumed(preamble, parts);
  }
}

/** Some packages end a broken stream with a part of its own. */
function isInterrupted(part: StreamPart): boolean {
  return part.type === 'finish' && part.finishReason.unified === 'interrupted';
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

function refuses(failure: unknown, pattern: RegExp): boolean {
  if (!(failure instanceof AgentError) || !(failure.cause instanceof ProviderRefusal)) return false;
  const { cause } = failure;
  return (cause.status === 400 || cause.status === 422) && cause.says(pattern);
}

function hasData({ messages }: ModelRequest, source: string): boolean {
  return messages.some((message) => message.role === 'assistant' && message.providerData?.source === source);
}

/** The parts of a stream. Ends soon after the answer, although the connection stays open. */
async function* untilFinished(parts: AsyncIterable<StreamPart>): AsyncGenerator<StreamPart> {
  const iterator = parts[Symbol.asyncIterator]();
  let endsAt: number | undefined;
  try {
    for (;;) {
      const step = endsAt === undefined ? await iterator.next() : await resultBefore(iterator.next(), endsAt);
      if (step === undefined || step.done === true) return;
      yield step.value;
      if (step.value.type === 'finish') endsAt = performance.now() + LATE_PARTS_MS;
    }
  } finally {
    const closed = iterator.return?.().catch(() => undefined);
    // After the end of the answer, a pending step may never end.
    if (endsAt === undefined) await closed;
  }
}
