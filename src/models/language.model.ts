import type { AgentError } from '../errors/agent.error.js';
import type { MessagePart } from './message.parts.js';

/** A tool as a model is told of it. */
export interface ModelTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of its arguments. */
  readonly parameters: object;
  /** The schema has the form of strict mode. Default: true. */
  readonly isStrict?: boolean;
}

/** A model's wish to have a tool called. */
export interface ModelToolCall {
  /** The provider's id of the call; its result carries it. */
  readonly callId: string;
  readonly name: string;
  /** As the model wrote them: JSON, if all is well. */
  readonly arguments: string;
}

/** One message of the conversation as a model reads it. Every tool call is followed by its result. */
export type ModelMessage =
  | {
      readonly role: 'user';
      readonly content: string;
      /** The same with its images, which `content` only mentions; undefined: it has none. */
      readonly parts?: readonly MessagePart[];
    }
  | { readonly role: 'assistant'; readonly content: string; readonly toolCalls?: readonly ModelToolCall[] }
  | { readonly role: 'tool'; readonly callId: string; readonly tool: string; readonly content: string };

/** One turn asked of a model. */
export interface ModelRequest {
  /** The provider's name of the model. */
  readonly model: string;
  readonly instructions: string;
  /** Oldest first; the last one is the user's, or the result of a tool. */
  readonly messages: readonly ModelMessage[];
  /** What the model may have called. */
  readonly tools: readonly ModelTool[];
  /** JSON Schema of the answer; undefined: any text. */
  readonly output: object | undefined;
  /** That schema has the form of strict mode. Default: true. */
  readonly isOutputStrict?: boolean;
  /** 0–2; left out for models that refuse it. */
  readonly temperature: number;
  /** Cap on the tokens of the answer; undefined: the model's own. */
  readonly maxOutputTokens: number | undefined;
}

/** Tokens as the provider counted them, or estimated where it did not say. */
export interface ModelUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Of the input: what the provider had read before, and takes less for. Default: 0. */
  readonly cachedTokens?: number;
  /** Of the output: what the model thought before it answered. Default: 0. */
  readonly reasoningTokens?: number;
}

/** A whole answer. */
export interface ModelReply {
  readonly text: string;
  /** What is to be called before the model goes on; none when it is done. */
  readonly toolCalls?: readonly ModelToolCall[];
  /** The model that answered, as the provider names it. */
  readonly model: string;
  readonly usage: ModelUsage;
  /** The answer ends at the output limit, not where the model meant to end. */
  readonly isTruncated: boolean;
}

/** An answer on its way: deltas, then the whole of it once. */
export type ModelEvent =
  { readonly type: 'delta'; readonly text: string } | { readonly type: 'reply'; readonly reply: ModelReply };

/** A model, and where it is asked for. */
export interface ModelRoute {
  /** The base URL of the provider, without credentials; of a model of your own the name of its class. */
  readonly upstream: string;
  /** The provider's name of the model. */
  readonly model: string;
}

/** One model stepped in for another. */
export interface ModelChange {
  readonly from: ModelRoute;
  readonly to: ModelRoute;
  /** Why the first one gave no answer. */
  readonly error: AgentError;
}

/** How long the caller waits. */
export interface ModelCall {
  /** Ends the call and closes the provider's socket. */
  readonly signal: AbortSignal;
  /** On the clock of `performance.now()`; a retry that cannot begin before it is not tried. */
  readonly deadlineAt: number;
  /** How often the provider is asked again, and the longest wait before that. Default: twice, within the deadline. */
  readonly retries?: { readonly most: number; readonly longestWaitMs: number };
  /** W3C trace context, for the provider to go on with the trace; undefined: there is none. */
  readonly traceHeaders?: Readonly<Record<string, string>>;
  /** Hears of each fall-back, before the other model is asked. */
  readonly onFallback?: (change: ModelChange) => void;
}

/**
 * The port to a model provider. It is its own injection token: provide a subclass to use your own model.
 *
 * Both methods throw AgentError `model_error`, `model_unavailable` or `model_rate_limited` when the
 * provider fails, and the signal's reason when the call is aborted. An answer that was cut off is an
 * error, never a reply.
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
  /** Who answers, as OpenTelemetry's `gen_ai.provider.name` has it. Default: the name of the class. */
  get provider(): string {
    return this.constructor.name;
  }

  /** The name shown to callers for what an agent asks for. */
  abstract nameFor(model: string): string;
  abstract reply(request: ModelRequest, call: ModelCall): Promise<ModelReply>;
  abstract stream(request: ModelRequest, call: ModelCall): AsyncIterable<ModelEvent>;
}
