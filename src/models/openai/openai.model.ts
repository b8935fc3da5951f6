import type { OnApplicationShutdown } from '@nestjs/common';
import { AgentError } from '../../errors/agent.error.js';
import {
  LanguageModel,
  type ModelCall,
  type ModelEvent,
  type ModelMessage,
  type ModelReply,
  type ModelRequest,
} from '../language.model.js';
import { isString, type JsonObject } from '../../json/json.object.js';
import { ModelRetries } from '../model.retries.js';
import { estimateUsage } from '../token.estimate.js';
import type { AnswerReader, ProviderAnswer } from './answer.reader.js';
import { failureOf, type OpenAITransport } from './openai.transport.js';
import { fieldsOf } from './provider.answer.js';
import type { AnswerHeaders, ProviderStream, ServerEvent } from './provider.stream.js';
import { type OptionalParameter, RefusedParameters } from './refused.parameters.js';
import { toWire, unusedId } from '../wire.conversation.js';

/** How long to wait for the usage after the end of an answer. */
const USAGE_WAIT_MS = 1000;
/** More is not sent back to the provider: a session would grow without bound. */
const MAX_RETURNED_CHARS = 512 * 1024;

/** The common part of both OpenAI APIs. It repeats a request without the parameters that a model refuses. */
export abstract class OpenAIModel extends LanguageModel implements OnApplicationShutdown {
  readonly #refused = new RefusedParameters();

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
    const attempts = new Attempts(request, call, this.#refused);
    for (;;) {
      const body = this.#body(request, false);
      try {
        const { content, headers } = await this.transport.send(this.path, body, call);
        const reader = this.reader(headers);
        if (!isString(content)) for await (const _ of textOf(content, reader, call)) continue;
        const answer = readAnswer(() => (isString(content) ? this.readAnswer(content, headers) : reader.finish()));
        return this.#replyOf(request, answer);
      } catch (failure) {
        await attempts.prepareNext(failure, body);
      }
    }
  }

  async *stream(request: ModelRequest, call: ModelCall): AsyncGenerator<ModelEvent> {
    const attempts = new Attempts(request, call, this.#refused);
    for (;;) {
      const body = this.#body(request, true);
      let text = '';
      try {
        const { content, headers } = await this.transport.send(this.path, body, call);
        const reader = this.reader(headers);
        if (!isString(content)) {
          for await (const delta of textOf(content, reader, call)) {
            text += delta;
            yield { type: 'delta', text: delta };
          }
        }
        const answer = readAnswer(() => (isString(content) ? this.readAnswer(content, headers) : reader.finish()));
        const reply = this.#replyOf(request, answer);
        const rest = reply.text.slice(text.length);
        if (rest !== '') yield { type: 'delta', text: rest };
        yield { type: 'reply', reply };
        return;
      } catch (failure) {
        if (text !== '') throw failure;
        await attempts.prepareNext(failure, body);
      }
    }
  }

  /** The path of the API below the base URL. */
  protected abstract readonly path: string;
  /** @param messages of the request, in a form that every provider accepts. */
  protected abstract body(request: ModelRequest, messages: readonly ModelMessage[], isStreamed: boolean): object;
  /** Parses the body of a whole answer. @throws TypeError or SyntaxError if it does not match the API. */
  protected abstract readAnswer(body: string, headers: AnswerHeaders): ProviderAnswer;
  protected abstract reader(headers: AnswerHeaders): AnswerReader;

  protected accepts(model: string, parameter: OptionalParameter): boolean {
    return this.#refused.accepts(model, parameter);
  }

  /** The data that this provider and API sent with the message and expect back with it. */
  protected returnedWith(message: ModelMessage): JsonObject {
    if (message.role !== 'assistant' || message.providerData?.source !== this.#source) return {};
    return fieldsOf(message.providerData.data);
  }

  get #source(): string {
    return `${this.transport.name} ${this.path.slice(1)}`;
  }

  #body(request: ModelRequest, isStreamed: boolean): object {
    return this.body(request, toWire(request.messages), isStreamed);
  }

  #replyOf(request: ModelRequest, { model, usage, returned, ...answer }: ProviderAnswer): ModelReply {
    const isKept = returned !== undefined && JSON.stringify(returned).length <= MAX_RETURNED_CHARS;
    return {
      ...answer,
      toolCalls: withUniqueIds(answer.toolCalls, request.messages),
      model: model ?? request.model,
      usage: usage ?? estimateUsage(request, answer.text),
      ...(isKept ? { providerData: { source: this.#source, data: returned } } : {}),
    };
  }
}

/** The attempts of one call at one provider. */
class Attempts {
  readonly #retries: ModelRetries;
  readonly #tried = new Set<OptionalParameter>();

  constructor(
    private readonly request: ModelRequest,
    private readonly call: ModelCall,
    private readonly refused: RefusedParameters,
  ) {
    this.#retries = new ModelRetries(call);
  }

  /** Resolves when the request may be sent again. @throws the failure if that does not help. */
  async prepareNext(failure: unknown, body: object): Promise<void> {
    this.call.signal.throwIfAborted();
    const { model } = this.request;
    if (!this.refused.learn(failure, { model, body, tried: this.#tried })) await this.#retries.waitAfter(failure);
  }
}

/** The text of an answer as it arrives. Ends with the answer, also if the connection stays open. */
async function* textOf(stream: ProviderStream, reader: AnswerReader, call: ModelCall): AsyncGenerator<string> {
  try {
    for (let events = await next(stream, reader, call); events; events = await next(stream, reader, call)) {
      for (const event of events) {
        const text = readAnswer(() => readEvent(reader, event));
        if (text !== '') yield text;
      }
      call.signal.throwIfAborted();
    }
  } finally {
    if (reader.progress === 'open') stream.destroy();
    else stream.release();
  }
}

/** The next events; undefined at the end of the answer. */
async function next(
  stream: ProviderStream,
  reader: AnswerReader,
  call: ModelCall,
): Promise<readonly ServerEvent[] | undefined> {
  if (reader.progress === 'complete') return undefined;
  if (reader.progress === 'finished') return await orNothing(stream.next());
  try {
    return await stream.next();
  } catch (failure) {
    throw failureOf(failure, call);
  }
}

/** Nothing that fails or is late can change an answer that has ended. */
async function orNothing<T>(work: Promise<T>): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), USAGE_WAIT_MS);
  try {
    return await Promise.race([work.catch(() => undefined), promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** A cut event after the end of an answer has no text. */
function readEvent(reader: AnswerReader, event: ServerEvent): string {
  const hasEnded = reader.progress !== 'open';
  try {
    return reader.read(event);
  } catch (failure) {
    if (hasEnded && failure instanceof SyntaxError) return '';
    throw failure;
  }
}

/** An answer that does not match the API is a failure of the provider, not of the service. */
function readAnswer<T>(step: () => T): T {
  try {
    return step();
  } catch (failure) {
    if (failure instanceof AgentError) throw failure;
    throw new AgentError('model_error', { detail: 'The model provider sent an answer that cannot be parsed.' });
  }
}

/** Some providers leave out the ids of calls, or use the same ones in each turn. */
function withUniqueIds(
  calls: ProviderAnswer['toolCalls'],
  messages: readonly ModelMessage[],
): ProviderAnswer['toolCalls'] {
  if (calls.length === 0) return calls;
  const used = new Set(
    messages
      .flatMap((message) => (message.role === 'assistant' ? (message.toolCalls ?? []) : []))
      .map(({ callId }) => callId),
  );
  return calls.map((call) => {
    const callId = unusedId(call.callId, used);
    used.add(callId);
    return { ...call, callId };
  });
}

/** The schema of answers with the name that both APIs require. */
export function toJsonSchemaFormat(schema: object, isStrict: boolean | undefined): object {
  return { name: 'answer', schema, ...(isStrict === undefined ? {} : { strict: isStrict }) };
}

/** Asks for JSON in words, for models that refuse a schema. */
export function instructionsWithSchema({ instructions, output }: ModelRequest): string {
  const words = 'Answer only with JSON that matches this JSON Schema, without any other text:';
  return `${instructions}\n\n${words}\n${JSON.stringify(output)}`.trim();
}
