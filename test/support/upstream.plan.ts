import type { Json } from './json.js';
import type { Reply, ToolCall } from './openai.wire.js';

/** What the provider does with a request. */
export type Plan =
  | ReplyPlan
  /** Answers with that status and an error body as OpenAI writes it. */
  | { does: 'refuse'; status: number; headers?: Record<string, string>; error?: Json }
  /** Refuses a request that has `temperature`, replies to one that has not. */
  | { does: 'refuse temperature' }
  /** Refuses a request that has that parameter with 400 and that error, replies to one that has not. */
  | { does: 'refuse parameter'; parameter: string; error: Json }
  /** 200 with that body, or in a stream with those events as they are. */
  | { does: 'answer as told'; body: Json; events?: readonly Json[] }
  /** Resets the connection before a byte of the answer. */
  | { does: 'reset' }
  /** Never answers. */
  | { does: 'stay silent' }
  /** 200 with a page, as a proxy in between may send it. */
  | { does: 'answer html' }
  /** 200 with JSON that is nothing of what was asked for. */
  | { does: 'answer wrong json' }
  /** Destroys the connection after that many deltas. */
  | { does: 'cut'; afterDeltas: number }
  /** Ends in good order, but without anything that says the reply is whole. */
  | { does: 'end unfinished' }
  /** Says that it has failed, in a stream after two deltas, else in a body with 200. */
  | { does: 'fail midway' };

export interface ReplyPlan {
  does: 'reply';
  /** Default: `Echo: ` and the last user message. */
  text?: string;
  /** The tools that the model wants called, instead of a text. */
  toolCalls?: readonly ToolCall[];
  /** Default: `stop`. */
  finish?: Reply['finish'];
  firstDeltaMs?: number;
  betweenDeltasMs?: number;
  /** Sends that many deltas and then nothing before `until` resolves. */
  hold?: { afterDeltas: number; until: Promise<void> };
  /** Sends the stream in pieces of that many bytes, which split characters too. */
  pieceBytes?: number;
  /** Says nothing of the tokens used, as some providers do. */
  withoutUsage?: boolean;
  /** Ends the lines of the stream with CR LF and puts comments in between, as some proxies do. */
  crlf?: boolean;
}
