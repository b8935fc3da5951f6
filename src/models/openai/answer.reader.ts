import type { JsonObject } from '../../json/json.object.js';
import type { ModelReply, ModelUsage } from '../language.model.js';
import type { ServerEvent } from './provider.stream.js';

/** A complete answer. The provider may leave out its model, its usage and the ids of calls. */
export interface ProviderAnswer extends Omit<ModelReply, 'model' | 'usage' | 'providerData'> {
  readonly toolCalls: NonNullable<ModelReply['toolCalls']>;
  readonly model: string | undefined;
  readonly usage: ModelUsage | undefined;
  /** The data that the provider expects back with the answer; undefined: none. */
  readonly returned: JsonObject | undefined;
}

/** Reads one streamed answer. */
export interface AnswerReader {
  /** `finished`: only the usage may follow. `complete`: nothing of use follows. */
  readonly progress: 'open' | 'finished' | 'complete';
  /** The text that an event adds. @throws AgentError if the event reports a failure; TypeError or SyntaxError. */
  read(event: ServerEvent): string;
  /** The complete answer after the last event. @throws AgentError if the stream was incomplete. */
  finish(): ProviderAnswer;
}
