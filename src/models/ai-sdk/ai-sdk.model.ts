import { Logger } from '@nestjs/common';
import { iterateUntilAborted, raceAbort } from '../../async/abortable.js';
import { resultBefore } from '../../async/result.before.js';
import {
  LanguageModel,
  type ModelCall,
  type ModelEvent,
  type ModelReply,
  type ModelRequest,
  type ModelTarget,
} from '../language.model.js';
import { AgentError } from '../../errors/agent.error.js';
import { controlsOf, type ModelControl } from '../model.controls.js';
import { isString } from '../../json/json.object.js';
import { ModelRetries, waitAfter, withRetries } from '../model.retries.js';
import { readAnswer } from '../openai/answer.stream.js';
import { brokenAnswerError, toAgentError } from '../openai/provider.failure.js';
import { type CallParameters, RefusedParameters } from '../openai/refused.parameters.js';
import { AnswerReader } from './ai-sdk.answer.js';
import { toKnownFailure } from './ai-sdk.failure.js';
import { type AiSdkLanguageModel, type AiSdkPort, portOf, type StreamPart, type Warnings } from './ai-sdk.port.js';
import { type PromptOptions, toPromptOptions } from './ai-sdk.prompt.js';
import { semanticNameOf } from './provider.names.js';

const MAX_LOGGED_WARNINGS = 100;
/** How long to wait for further parts after the end of an answer. */
const LATE_PARTS_MS = 1000;

/** One request, and what may be left out of it. */
interface Attempt {
  readonly options: PromptOptions;
  readonly parameters: CallParameters;
}

/**
 * Options of `fromAiSdk`.
 *
 * @example
 * import { createAnthropic } from '@ai-sdk/anthropic';
 * import { fromAiSdk } from 'rookery/ai-sdk';
 *
 * const eu = createAnthropic({ baseURL: 'https://eu.gateway.example/v1' });
 * fromAiSdk(eu('claude-sonnet-4-5'), { endpoint: 'eu' });
 */
export interface AiSdkOptions {
  /**
   * Distinguishes endpoints whose provider and model have equal names: 1 to 200 printable characters. The data that a
   * provider expects back, such as signatures of thoughts, go only to the endpoint that sent them. If it changes, earlier
   * data are not sent any more. Default: all endpoints with equal names are one.
   */
  readonly endpoint?: string | undefined;
}

/** A language model of the AI SDK as a port. */
export class AiSdkModel extends LanguageModel {
  readonly #logger = new Logger(AiSdkModel.name);
  readonly #port: AiSdkPort;
  readonly #source: string;
  readonly #warnings = new Set<string>();
  readonly #refused = new RefusedParameters();

  constructor(
    private readonly model: AiSdkLanguageModel,
    { endpoint }: AiSdkOptions,
  ) {
    super();
    this.#port = portOf(model);
    this.#source = ['ai-sdk', model.provider, model.modelId, endpoint].filter(isString).join(' ');
  }

  override get provider(): string {
    return semanticNameOf(this.model.provider);
  }

  override targetOf(): ModelTarget {
    return { provider: this.provider, model: this.model.modelId };
  }

  /** The AI SDK has no option for parallel calls, and version 3 of its models none for reasoning. */
  override supports(control: ModelControl): boolean {
    if (control === 'reasoning_effort') return this.model.specificationVersion !== 'v3';
    return control !== 'parallel_tool_calls';
  }

  nameFor(): string {
    return this.model.modelId;
  }

  async reply(request: ModelRequest, call: ModelCall): Promise<ModelReply> {
    return await this.#begin(request, call, async (events) => {
      for await (const event of events) if (event.type === 'reply') return event.reply;
      throw brokenAnswerError();
    });
  }

  async *stream(request: ModelRequest, call: ModelCall): AsyncGenerator<ModelEvent> {
    try {
      yield* this.#attempts(request, call);
    } catch (failure) {
      call.signal.throwIfAborted();
      throw toAgentError(toKnownFailure(failure));
    }
  }

  /** The events of an answer. Until a text or a part of the reasoning is out, it may begin again. */
  async *#attempts(request: ModelRequest, call: ModelCall): AsyncGenerator<ModelEvent> {
    const parameters = this.#refused.begin({ ...request, model: this.model.modelId });
    let retries = new ModelRetries(call);
    for (;;) {
      const options = this.#optionsOf(request, call, parameters);
      let hasBegun = false;
      try {
        for await (const event of this.#events(request, call, { options, parameters })) {
          hasBegun ||= event.type !== 'reasoning.delta';
          yield event;
        }
        return;
      } catch (cause) {
        if (hasBegun) throw cause;
        const failure = await waitAfter(toKnownFailure(cause), retries, call).catch((refused: unknown) => ({
          refused,
        }));
        if (failure === undefined) continue;
        if (!parameters.leaveOut(failure.refused, sentOf(options))) throw failure.refused;
        retries = new ModelRetries(call);
      }
    }
  }

  #optionsOf(request: ModelRequest, call: ModelCall, parameters: CallParameters): PromptOptions {
    return toPromptOptions(request, call, { provider: this.model.provider, source: this.#source, parameters });
  }

  /** Begins an answer, and begins it again after a transient failure or without what the provider refuses. */
  async #begin<T>(
    request: ModelRequest,
    call: ModelCall,
    read: (events: AsyncGenerator<ModelEvent>) => Promise<T>,
  ): Promise<T> {
    const parameters = this.#refused.begin({ ...request, model: this.model.modelId });
    for (;;) {
      const options = this.#optionsOf(request, call, parameters);
      try {
        return await withRetries(call, () =>
          read(this.#events(request, call, { options, parameters })).catch((failure: unknown) => {
            throw toKnownFailure(failure);
          }),
        );
      } catch (failure) {
        if (!parameters.leaveOut(failure, sentOf(options))) throw failure;
      }
    }
  }

  /** Whole answers are read from a stream too: packages parse the arguments of whole ones, which rounds numbers. */
  async *#events(request: ModelRequest, call: ModelCall, { options, parameters }: Attempt): AsyncGenerator<ModelEvent> {
    const reader = new AnswerReader(request, { upstream: this.provider, model: this.model.modelId }, this.#source);
    const stream = await raceAbort(this.#port.stream(options), call.signal);
    let thought = 0;
    for await (const part of untilFinished(iterateUntilAborted(stream, call.signal))) {
      if (part.type === 'error') throw part.error;
      const text = readAnswer(() => {
        if (part.type === 'stream-start') this.#readWarnings(part.warnings, request);
        return reader.read(part);
      });
      const { thinking } = reader;
      if (thinking.length > thought) {
        yield { type: 'reasoning.delta', text: thinking.slice(thought), ...(thought === 0 && { isFirst: true }) };
        thought = thinking.length;
      }
      if (!text) continue;
      // Not before the text: until a part of the answer is out, a failure may be retried.
      for (const reasoning of reader.takeReasoning()) yield { type: 'reasoning', reasoning };
      yield { type: 'delta', text };
    }
    call.signal.throwIfAborted();
    const reply = readAnswer(() => reader.finish());
    parameters.confirm();
    for (const reasoning of reader.takeReasoning()) yield { type: 'reasoning', reasoning };
    yield { type: 'reply', reply };
  }

  /** Logs each warning once. @throws AgentError `model_error` if a part that the caller of the run has set is ignored. */
  #readWarnings(warnings: Warnings, request: ModelRequest): void {
    assertNoneIgnored(warnings, request);
    for (const warning of warnings) {
      const text = JSON.stringify(warning);
      if (this.#warnings.has(text) || this.#warnings.size === MAX_LOGGED_WARNINGS) continue;
      this.#warnings.add(text);
      const { provider, modelId: model } = this.model;
      this.#logger.warn({ provider, model, warning, msg: 'the model provider ignores a part of the requests' });
    }
  }
}

/** The parts of a request that a provider may refuse. */
function sentOf({ maxOutputTokens, temperature, responseFormat, tools, messages }: PromptOptions): object {
  return { maxOutputTokens, temperature, responseFormat, tools, messages };
}

/** Parts of requests, by the names that warnings have for them. */
const FEATURES: Readonly<Record<string, ModelControl>> = {
  topP: 'top_p',
  toolChoice: 'tool_choice',
  reasoning: 'reasoning_effort',
};

function assertNoneIgnored(warnings: Warnings, request: ModelRequest): void {
  const controls = controlsOf(request);
  for (const warning of warnings) {
    const control = warning.type === 'unsupported' ? FEATURES[warning.feature] : undefined;
    if (control === undefined || !controls.includes(control)) continue;
    const detail = `The model does not support ${control}, which the request sets.`;
    throw new AgentError('model_error', { detail });
  }
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
