import type { OnApplicationShutdown } from '@nestjs/common';
import {
  LanguageModel,
  type ModelCall,
  type ModelEvent,
  type ModelMessage,
  type ModelReasoning,
  type ModelReply,
  type ModelRequest,
} from '../language.model.js';
import { isString, type JsonObject } from '../../json/json.object.js';
import { ModelRetries } from '../model.retries.js';
import { toProviderData, toReasoning } from '../provider.data.js';
import { estimateUsage } from '../token.estimate.js';
import type { AnswerReader, AnswerReasoning, ProviderAnswer } from './answer.reader.js';
import { AnswerTexts, readAnswer } from './answer.stream.js';
import type { OpenAITransport } from './openai.transport.js';
import { fieldsOf } from './provider.answer.js';
import type { AnswerHeaders } from './provider.body.js';
import { type CallParameters, type OptionalParameter, RefusedParameters } from './refused.parameters.js';
import { toWire, unusedId, withShortIds } from '../wire.conversation.js';

/** A request whose messages have a form that every provider accepts. */
export interface WireRequest extends ModelRequest {
  readonly isStreamed: boolean;
  readonly accepts: (parameter: OptionalParameter) => boolean;
}

const FIRST = { isFirst: true } as const;

/** The common part of both OpenAI APIs. It repeats a request without the parameters that a model refuses. */
export abstract class OpenAIModel extends LanguageModel implements OnApplicationShutdown {
  readonly #refused = new RefusedParameters();

  constructor(protected readonly transport: OpenAITransport) {
    super();
  }

  override get provider(): string {
    return this.transport.provider;
  }

  /** Only the provider knows what its models accept. It refuses the rest, and the run fails then. */
  override supports(): boolean {
    return true;
  }

  nameFor(model: string): string {
    return model;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.transport.close();
  }

  async reply(request: ModelRequest, call: ModelCall): Promise<ModelReply> {
    const attempts = new Attempts(request, call, this.#refused, this.transport);
    for (;;) {
      const body = this.#body(request, attempts, false);
      try {
        const { content, headers } = await this.transport.send(this.path, body, call);
        const reader = this.reader(headers);
        if (!isString(content)) await readAll(new AnswerTexts(content, reader, call));
        const answer = readAnswer(() => (isString(content) ? this.readAnswer(content, headers) : reader.finish()));
        attempts.succeed();
        return this.#replyOf(request, answer);
      } catch (failure) {
        await attempts.prepareNext(failure, body);
      }
    }
  }

  async *stream(request: ModelRequest, call: ModelCall): AsyncGenerator<ModelEvent> {
    const attempts = new Attempts(request, call, this.#refused, this.transport);
    for (;;) {
      const body = this.#body(request, attempts, true);
      // How many characters and parts of the reasoning are out.
      let length = 0;
      let shown = 0;
      let thought = 0;
      try {
        const { content, headers } = await this.transport.send(this.path, body, call);
        const reader = this.reader(headers);
        if (!isString(content)) {
          const streamed = new AnswerTexts(content, reader, call);
          try {
            for (let parts = await streamed.next(); parts; parts = await streamed.next()) {
              const { thinking } = reader;
              if (thinking.length > thought) {
                yield { type: 'reasoning.delta', text: thinking.slice(thought), ...(thought === 0 && FIRST) };
                thought = thinking.length;
              }
              if (parts.length === 0) continue;
              const delta = parts.join('');
              length += delta.length;
              // Not before the text: until a part of the answer is out, a failure may be retried.
              for (let part = reader.reasoning[shown]; part; part = reader.reasoning[++shown]) {
                yield { type: 'reasoning', reasoning: this.#toReasoning(part) };
              }
              yield { type: 'delta', text: delta, parts };
            }
          } finally {
            streamed.close();
          }
        }
        const answer = readAnswer(() => (isString(content) ? this.readAnswer(content, headers) : reader.finish()));
        attempts.succeed();
        const reply = this.#replyOf(request, answer);
        for (const reasoning of reply.reasoning?.slice(shown) ?? []) yield { type: 'reasoning', reasoning };
        const rest = reply.text.slice(length);
        if (rest !== '') yield { type: 'delta', text: rest };
        yield { type: 'reply', reply };
        return;
      } catch (failure) {
        if (length > 0) throw failure;
        await attempts.prepareNext(failure, body);
      }
    }
  }

  /** The path of the API below the base URL. */
  protected abstract readonly path: string;
  protected abstract body(request: WireRequest): object;
  /** Parses the body of a whole answer. @throws TypeError or SyntaxError if it does not match the API. */
  protected abstract readAnswer(body: string, headers: AnswerHeaders): ProviderAnswer;
  protected abstract reader(headers: AnswerHeaders): AnswerReader;

  /** The data that this provider and API sent with the message and expect back with it. */
  protected returnedWith(message: ModelMessage, { accepts }: WireRequest): JsonObject {
    if (message.role !== 'assistant' || message.providerData?.source !== this.#source) return {};
    return accepts('returned_data') ? fieldsOf(message.providerData.data) : {};
  }

  /** The data of the reasoning that a client has kept, as this provider and API sent it. */
  protected reasoningWith(message: ModelMessage, { accepts }: WireRequest): readonly JsonObject[] {
    if (message.role !== 'assistant' || message.providerData !== undefined || !accepts('returned_data')) return [];
    const own = message.reasoning?.filter(({ providerData }) => providerData?.source === this.#source) ?? [];
    return own.map(({ providerData, text }) => Object.assign({ text }, providerData?.data));
  }

  get #source(): string {
    return `${this.transport.name} ${this.path.slice(1)}`;
  }

  #body(request: ModelRequest, { parameters }: Attempts, isStreamed: boolean): object {
    const accepts = (parameter: OptionalParameter): boolean => parameters.accepts(parameter);
    const messages = toWire(request.messages);
    const accepted = accepts('call_ids') ? messages : withShortIds(messages);
    return this.body({ ...request, messages: accepted, isStreamed, accepts });
  }

  #replyOf(request: ModelRequest, { model, usage, returned, reasoning, ...answer }: ProviderAnswer): ModelReply {
    const route = { upstream: this.transport.name, model: request.model };
    const providerData = returned && toProviderData(this.#source, returned, route);
    const written = reasoning.map(({ text }) => text).join('') + answer.text;
    return {
      ...answer,
      toolCalls: withUniqueIds(answer.toolCalls, request.messages),
      model: model ?? request.model,
      usage: usage ?? estimateUsage(request, written),
      ...(providerData && { providerData }),
      ...(reasoning.length > 0 && { reasoning: reasoning.map((part) => this.#toReasoning(part)) }),
    };
  }

  #toReasoning({ text, returned }: AnswerReasoning): ModelReasoning {
    return toReasoning(text, this.#source, returned);
  }
}

async function readAll(texts: AnswerTexts): Promise<void> {
  try {
    while (await texts.next());
  } finally {
    texts.close();
  }
}

/** The attempts of one call at one provider. */
class Attempts {
  readonly parameters: CallParameters;
  readonly #retries: ModelRetries;

  constructor(
    request: ModelRequest,
    private readonly call: ModelCall,
    refused: RefusedParameters,
    private readonly transport: OpenAITransport,
  ) {
    this.parameters = refused.begin(request);
    this.#retries = new ModelRetries(call);
  }

  succeed(): void {
    this.parameters.confirm();
  }

  /** Resolves when the request may be sent again. @throws the failure with a hint if that does not help. */
  async prepareNext(failure: unknown, body: object): Promise<void> {
    this.call.signal.throwIfAborted();
    if (!this.parameters.leaveOut(failure, body)) await this.#retries.waitAfter(this.transport.explain(failure));
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
