import type { JsonObject } from '../../json/json.object.js';
import type { ModelReply, ModelUsage } from '../language.model.js';
import type { ServerEvent } from './provider.stream.js';

/** A complete answer. The provider may leave out its model, its usage and the ids of calls. */
export interface ProviderAnswer extends Omit<ModelReply, 'model' | 'usage' | 'providerData' | 'reasoning'> {
  readonly toolCalls: NonNullable<ModelReply['toolCalls']>;
  readonly model: string | undefined;
  readonly usage: ModelUsage | undefined;
  /** The data that the provider expects back with the answer; undefined: none. */
  readonly returned: JsonObject | undefined;
  readonly reasoning: readonly AnswerReasoning[];
}

/** A part of the reasoning of an answer. */
export interface AnswerReasoning {
  /** The text that the provider shows; may be empty. */
  readonly text: string;
  /** The data that the provider expects back with it; undefined: none. */
  readonly returned: JsonObject | undefined;
}

/** Reads one streamed answer. */
export interface AnswerReader {
  /** `finished`: only the usage may follow. `complete`: nothing of use follows. */
  readonly progress: 'open' | 'finished' | 'complete';
  /** The parts of the reasoning that have ended. Later events only add to the list. */
  readonly reasoning: readonly AnswerReasoning[];
  /** The text so far of the first part of the reasoning, until it ends. Empty before and after it. */
  readonly thinking: string;
  /** The text that an event adds. @throws AgentError if the event reports a failure; TypeError or SyntaxError. */
  read(event: ServerEvent): string;
  /** The complete answer after the last event. @throws AgentError if the stream was incomplete. */
  finish(): ProviderAnswer;
}
