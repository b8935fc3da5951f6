import type { Json } from '../json.js';
import type { Reply, ToolCall } from './openai.wire.js';

/** The provider's reaction to a request. */
export type Plan =
  | ReplyPlan
  /** Answers with that status and an error body as OpenAI writes it. */
  | { does: 'refuse'; status: number; headers?: Record<string, string>; error?: Json; body?: Json }
  /** Refuses a request with `temperature`, replies to one without. */
  | { does: 'refuse temperature' }
  /** Refuses a request with that parameter by 400 and that error, replies to one without. */
  | { does: 'refuse parameter'; parameter: string; error: Json }
  /** 200 with that body, or in a stream with those events as they are. */
  | { does: 'answer with body'; body: Json; events?: readonly Json[] }
  /** Sends these texts as they are, each as a piece of its own. */
  | SendPlan
  /** Decides by the body of the request. */
  | { does: 'decide'; by: (body: Json) => Plan }
  /** Resets the connection before a byte of the answer. */
  | { does: 'reset' }
  /** Never answers. */
  | { does: 'stay silent' }
  /** 200 with a page, as a proxy in between may send it. */
  | { does: 'answer html' }
  /** 200 with unrelated JSON. */
  | { does: 'answer wrong json' }
  /** Destroys the connection after that many deltas. */
  | { does: 'cut'; afterDeltas: number }
  /** Ends the connection regularly, but without the sign that the reply is complete. */
  | { does: 'end unfinished' }
  /** Reports a failure: in a stream after two deltas, otherwise in a body with 200. */
  | { does: 'fail midway' };

export interface SendPlan {
  does: 'send';
  texts: readonly (string | Uint8Array)[];
  /** Default: that of a stream for a streamed request, else that of JSON. */
  contentType?: string;
  headers?: Record<string, string>;
  /** The connection afterwards. Default: `end`. */
  ending?: 'end' | 'destroy' | 'stay open';
}

export interface ReplyPlan {
  does: 'reply';
  /** Default: `Echo: ` and the last user message. */
  text?: string;
  /** The reasoning that the model shows before its answer. Responses have it as a summary. */
  reasoning?: string;
  /** The reasoning for the provider alone. Only Responses have it. */
  encrypted?: string;
  /** The model's tool calls, instead of a text. */
  toolCalls?: readonly ToolCall[];
  /** Default: `stop`. */
  finish?: Reply['finish'];
  firstDeltaMs?: number;
  betweenDeltasMs?: number;
  /** Sends that many deltas, or pieces of the reasoning, and continues once `until` resolves. */
  hold?: { afterDeltas?: number; afterThoughts?: number; until: Promise<void> };
  /** Breaks off after the hold in the reasoning. */
  breaksOff?: boolean;
  /** Sends the stream in pieces of that many bytes, which also split characters. */
  pieceBytes?: number;
  /** Omits the token usage, as some providers do. */
  withoutUsage?: boolean;
  /** Ends the lines of the stream with CR LF and puts comments in between, as some proxies do. */
  crlf?: boolean;
}
