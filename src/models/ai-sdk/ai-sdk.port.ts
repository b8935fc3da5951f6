import type {
  LanguageModelV3,
  LanguageModelV3CallOptions,
  LanguageModelV3Prompt,
  LanguageModelV3StreamPart,
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4Prompt,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider';
import type { PromptMessage, PromptOptions, UserPart } from './ai-sdk.prompt.js';
import type { TurnPart } from './ai-sdk.turn.js';

/** A language model of the AI SDK, of a version that `fromAiSdk` accepts. */
export type AiSdkLanguageModel = LanguageModelV3 | LanguageModelV4;

export type StreamPart = LanguageModelV3StreamPart | LanguageModelV4StreamPart;
export type Warnings = Extract<StreamPart, { type: 'stream-start' }>['warnings'];

/** Calls a model of either version with the same options. */
export interface AiSdkPort {
  stream(options: PromptOptions): Promise<AsyncIterable<StreamPart>>;
}

/** The versions differ in the data of files, and only version 4 has custom parts. */
export function portOf(model: AiSdkLanguageModel): AiSdkPort {
  if (model.specificationVersion === 'v3') {
    return {
      stream: async (options) => (await model.doStream(toV3(options))).stream,
    };
  }
  return {
    stream: async (options) => (await model.doStream(toV4(options))).stream,
  };
}

/** Requests for models of version 3 have no reasoning: `supports` says so. */
function toV3({ messages, ...options }: Omit<PromptOptions, 'reasoning'>): LanguageModelV3CallOptions {
  const prompt = messages.map((message): LanguageModelV3Prompt[number] =>
    message.role === 'assistant' ? { ...message, content: message.content.filter(isInV3) } : message,
  );
  return { ...options, prompt };
}

function toV4({ messages, ...options }: PromptOptions): LanguageModelV4CallOptions {
  return { ...options, prompt: messages.map(toV4Message) };
}

function toV4Message(message: PromptMessage): LanguageModelV4Prompt[number] {
  return message.role === 'user' ? { ...message, content: message.content.map(toV4Part) } : message;
}

function toV4Part(part: UserPart) {
  if (part.type === 'text') return part;
  const { data, ...file } = part;
  return {
    ...file,
    data: data instanceof URL ? ({ type: 'url', url: data } as const) : ({ type: 'data', data } as const),
  };
}

function isInV3(part: TurnPart): part is Exclude<TurnPart, { type: 'custom' }> {
  return part.type !== 'custom';
}
