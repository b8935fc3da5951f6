import type { AgentError } from '../errors/agent.error.js';
import type { JsonObject } from '../json/json.object.js';
import type { MessagePart } from './message.parts.js';
import type { ModelControl, ModelControls } from './model.controls.js';

/** A tool as it is sent to a model. */
export interface ModelTool {
  /** The name of the tool: 1–64 of A–Z a–z 0–9 _ -. */
  readonly name: string;
  /** Explains what the tool does and when to use it. */
  readonly description: string;
  /** JSON Schema of its arguments. */
  readonly parameters: object;
  /** The schema satisfies strict mode. Default: true. */
  readonly isStrict?: boolean;
}

/** A tool call that a model requests. */
export interface ModelToolCall {
  /** The provider's id of the call; its result carries it. */
  readonly callId: string;
  /** The name of the tool, as the request has it. */
  readonly name: string;
  /** As the model wrote them: JSON if the model made no mistake. */
  readonly arguments: string;
  /**
   * An integer in the arguments may have been rounded before they arrived. The call is not made, and the model is asked to
   * send a string. Default: false.
   */
  readonly isInexact?: boolean;
}

/**
 * The data that a provider expects back with a turn in later requests: signatures of its thoughts, for example. They are
 * stored with the turn and sent only to their source.
 */
export interface ProviderData {
  /** The provider and the API that sent it, such as `https://api.deepseek.com/v1 chat`. */
  readonly source: string;
  /** Known to the source alone. */
  readonly data: JsonObject;
}

/** A part of a model's reasoning, or of the summary that its provider shows of it. It is not part of the answer. */
export interface ModelReasoning {
  /** The text; empty if the provider shows none. */
  readonly text: string;
  /** The data that the provider expects back with this part: encrypted reasoning, for example. Default: none. */
  readonly providerData?: ProviderData;
}

/** One message of the conversation as a model reads it. A result follows every tool call. */
export type ModelMessage =
  | {
      /** A message of the user. */
      readonly role: 'user';
      /** The text. */
      readonly content: string;
      /** The content with its images, which `content` only mentions; undefined if it has no images. */
      readonly parts?: readonly MessagePart[];
    }
  | {
      /** Instructions of the caller within the conversation. */
      readonly role: 'developer';
      /** The text. */
      readonly content: string;
    }
  | {
      /** An answer of the model. */
      readonly role: 'assistant';
      /** The text; empty if the model only called tools. */
      readonly content: string;
      /** The tool calls that the model requested, each with a result in a later message. Default: none. */
      readonly toolCalls?: readonly ModelToolCall[];
      /** The data that the provider of this answer expects back. Default: none. */
      readonly providerData?: ProviderData;
      /** The reasoning that led to it, as a client has kept it. It is not sent beside `providerData`. Default: none. */
      readonly reasoning?: readonly ModelReasoning[];
    }
  | {
      /** The result of a tool call. */
      readonly role: 'tool';
      /** The `callId` of the call. */
      readonly callId: string;
      /** The name of the tool. */
      readonly tool: string;
      /** The result, or the error that the model reads. */
      readonly content: string;
    };

/** The request for one turn of a model. */
export interface ModelRequest extends ModelControls {
  /** The provider's name for the model. */
  readonly model: string;
  /** The system prompt. */
  readonly instructions: string;
  /** Oldest first; the last one is the user's, or the result of a tool. */
  readonly messages: readonly ModelMessage[];
  /** Tools that the model may call. */
  readonly tools: readonly ModelTool[];
  /** JSON Schema of the answer; undefined: any text. */
  readonly output: object | undefined;
  /** The output schema satisfies strict mode. Default: true. */
  readonly isOutputStrict?: boolean;
  /** 0–2. Not sent to models that refuse it. */
  readonly temperature: number;
  /** Maximum tokens of the answer; undefined: the model's own limit. */
  readonly maxOutputTokens: number | undefined;
  /** The caller or a budget relies on `maxOutputTokens`: without it the request must not be sent. Default: false. */
  readonly isOutputLimitRequired?: boolean;
}

/** Tokens as the provider counted them, or estimated if it did not. */
export interface ModelUsage {
  /** Tokens of the request, including cached ones. */
  readonly inputTokens: number;
  /** Tokens of the answer, including those of reasoning. */
  readonly outputTokens: number;
  /** Input tokens from the provider's cache, which cost less. Default: 0. */
  readonly cachedTokens?: number;
  /** Output tokens of the model's reasoning. Default: 0. */
  readonly reasoningTokens?: number;
}

/** A complete answer. */
export interface ModelReply {
  /** The answer; empty if the model only called tools. */
  readonly text: string;
  /** Tools to call before the model continues; empty if it is done. */
  readonly toolCalls?: readonly ModelToolCall[];
  /** The model that answered, as the provider names it. */
  readonly model: string;
  /** The tokens of this call. */
  readonly usage: ModelUsage;
  /** The output limit cut off the answer. */
  readonly isTruncated: boolean;
  /** The data that the provider expects back with this answer in later requests. Default: none. */
  readonly providerData?: ProviderData;
  /** The reasoning that led to the answer, in its order. Default: none. */
  readonly reasoning?: readonly ModelReasoning[];
}

/**
 * An event of a streamed answer: pieces of the text and of the reasoning, and finished parts of the reasoning. Then the
 * complete reply once.
 */
export type ModelEvent =
  | {
      /** A piece of the text. */
      readonly type: 'delta';
      /** The piece. */
      readonly text: string;
      /** The smaller pieces in which it arrived at the same time. Default: one. Clients get each as an event. */
      readonly parts?: readonly string[];
    }
  | {
      /** A piece of the first part of the reasoning. The part follows with its whole text. Default: none are sent. */
      readonly type: 'reasoning.delta';
      /** The piece. */
      readonly text: string;
      /** It is the first piece of an answer. If the model is asked again, the pieces before it are void. */
      readonly isFirst?: true;
    }
  | {
      /** A part of the reasoning has ended. It comes before the text that follows from it. */
      readonly type: 'reasoning';
      /** The part. */
      readonly reasoning: ModelReasoning;
    }
  | {
      /** The end of the answer. */
      readonly type: 'reply';
      /** The complete reply. */
      readonly reply: ModelReply;
    };

/** A model at its provider. */
export interface ModelRoute {
  /** The base URL of the provider, without credentials; for your own model its `provider`. */
  readonly upstream: string;
  /** The provider's name for the model. */
  readonly model: string;
}

/** A model that requests reach. */
export interface ModelTarget {
  /** The provider's name in OpenTelemetry. */
  readonly provider: string;
  /** The provider's name for the model. */
  readonly model: string;
}

/** A fallback from one model to another. */
export interface ModelChange {
  /** The model that failed. */
  readonly from: ModelRoute;
  /** The model that is called next. */
  readonly to: ModelRoute;
  /** The failure of the first model. */
  readonly error: AgentError;
}

/** Limits and callbacks of one model call. */
export interface ModelCall {
  /** Aborts the call and closes the provider's socket. */
  readonly signal: AbortSignal;
  /** On the clock of `performance.now()`. No retry begins after it. */
  readonly deadlineAt: number;
  /** Maximum retries, and the longest wait before a retry. Default: two retries, within the deadline. */
  readonly retries?: { readonly most: number; readonly longestWaitMs: number };
  /** W3C trace context, with which the provider continues the trace; undefined: no trace. */
  readonly traceHeaders?: Readonly<Record<string, string>>;
  /** Called on each fallback, before the other model is called. */
  readonly onFallback?: (change: ModelChange) => void;
}

/**
 * The port to a model provider. Give an instance of a subclass to `model` of `AgentModule.forRoot` to use your own
 * model.
 *
 * If the provider fails, both methods throw AgentError `model_error`, `model_unavailable` or `model_rate_limited`. If the
 * request is at fault, they throw `context_length_exceeded` or `content_filtered`: no other model is called then. If
 * the call is aborted, they throw the signal's reason. An incomplete stream is an error, never a reply.
 *
 * @example
 * import { AgentModule, LanguageModel, type ModelEvent, type ModelReply, type ModelRequest } from 'rookery';
 *
 * class EchoModel extends LanguageModel {
 *   nameFor(model: string) {
 *     return model;
 *   }
 *
 *   async reply({ messages, model }: ModelRequest): Promise<ModelReply> {
 *     const text = messages.at(-1)?.content ?? '';
 *     return { text, model, usage: { inputTokens: 0, outputTokens: 0 }, isTruncated: false };
 *   }
 *
 *   async *stream(request: ModelRequest): AsyncGenerator<ModelEvent> {
 *     const reply = await this.reply(request);
 *     yield { type: 'delta', text: reply.text };
 *     yield { type: 'reply', reply };
 *   }
 * }
 *
 * AgentModule.forRoot({ model: new EchoModel() });
 */
export abstract class LanguageModel {
  /** The provider's name in OpenTelemetry's `gen_ai.provider.name`. Default: the name of the class. */
  get provider(): string {
    return this.constructor.name;
  }

  /**
   * The model that requests for the model of an agent reach. Traces, metrics and budgets have it. Default: the same
   * model, at `provider`.
   */
  targetOf(model: string): ModelTarget {
    return { provider: this.provider, model };
  }

  /**
   * True if requests for the model may have this part. The service refuses a request that has another one. Default: false.
   */
  supports(_control: ModelControl, _model: string): boolean {
    return false;
  }

  /** The name that callers see for the model of an agent. */
  abstract nameFor(model: string): string;
  /**
   * Calls the model once and returns its complete answer.
   *
   * @throws AgentError with one of the codes of this class, or the signal's reason.
   */
  abstract reply(request: ModelRequest, call: ModelCall): Promise<ModelReply>;
  /**
   * Calls the model once and yields its answer as it arrives. The last event is the complete reply.
   *
   * @throws AgentError as `reply`, also in the middle of the stream.
   */
  abstract stream(request: ModelRequest, call: ModelCall): AsyncIterable<ModelEvent>;
}
