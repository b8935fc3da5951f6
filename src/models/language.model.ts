import type { AgentError } from '../errors/agent.error.js';
import type { MessagePart } from './message.parts.js';

/** A tool as it is sent to a model. */
export interface ModelTool {
  readonly name: string;
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
  readonly name: string;
  /** As the model wrote them: JSON if the model made no mistake. */
  readonly arguments: string;
}

/** One message of the conversation as a model reads it. A result follows every tool call. */
export type ModelMessage =
  | {
      readonly role: 'user';
      readonly content: string;
      /** The content with its images, which `content` only mentions; undefined if it has no images. */
      readonly parts?: readonly MessagePart[];
    }
  | { readonly role: 'assistant'; readonly content: string; readonly toolCalls?: readonly ModelToolCall[] }
  | { readonly role: 'tool'; readonly callId: string; readonly tool: string; readonly content: string };

/** The request for one turn of a model. */
export interface ModelRequest {
  /** The provider's name for the model. */
  readonly model: string;
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
}

/** Tokens as the provider counted them, or estimated if it did not. */
export interface ModelUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Input tokens from the provider's cache, which cost less. Default: 0. */
  readonly cachedTokens?: number;
  /** Output tokens of the model's reasoning. Default: 0. */
  readonly reasoningTokens?: number;
}

/** A complete answer. */
export interface ModelReply {
  readonly text: string;
  /** Tools to call before the model continues; empty if it is done. */
  readonly toolCalls?: readonly ModelToolCall[];
  /** The model that answered, as the provider names it. */
  readonly model: string;
  readonly usage: ModelUsage;
  /** The output limit cut off the answer. */
  readonly isTruncated: boolean;
}

/** An event of a streamed answer: deltas, then the complete reply once. */
export type ModelEvent =
  { readonly type: 'delta'; readonly text: string } | { readonly type: 'reply'; readonly reply: ModelReply };

/** A model at its provider. */
export interface ModelRoute {
  /** The base URL of the provider, without credentials; for your own model the name of its class. */
  readonly upstream: string;
  /** The provider's name for the model. */
  readonly model: string;
}

/** A fallback from one model to another. */
export interface ModelChange {
  readonly from: ModelRoute;
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
 * The port to a model provider. It is its own injection token: provide a subclass to use your own model.
 *
 * If the provider fails, both methods throw AgentError `model_error`, `model_unavailable` or `model_rate_limited`. If
 * the call is aborted, they throw the signal's reason. An incomplete stream is an error, never a reply.
 *
 * @example
 * class EchoModel extends LanguageModel {
 *   nameFor(model: string) { return model; }
 *   async reply({ messages, model }: ModelRequest) {
 *     return { text: messages.at(-1)?.content ?? '', model, usage: { inputTokens: 0, outputTokens: 0 }, isTruncated: false };
 *   }
 *   async *stream(request: ModelRequest) {
 *     const reply = await this.reply(request);
 *     yield { type: 'delta' as const, text: reply.text };
 *     yield { type: 'reply' as const, reply };
 *   }
 * }
 */
export abstract class LanguageModel {
  /** The provider's name in OpenTelemetry's `gen_ai.provider.name`. Default: the name of the class. */
  get provider(): string {
    return this.constructor.name;
  }

  /** The name that callers see for the model of an agent. */
  abstract nameFor(model: string): string;
  abstract reply(request: ModelRequest, call: ModelCall): Promise<ModelReply>;
  abstract stream(request: ModelRequest, call: ModelCall): AsyncIterable<ModelEvent>;
}
