import { isArrayOf, isObject, isObjectOf, isString } from '../../json/json.object.js';
import type { MessagePart } from '../../models/message.parts.js';
import { isMessageParts, isReasoningParts } from '../../models/stored.reply.js';
import type { ModelReasoning } from '../../models/language.model.js';
import type { PendingCall } from './caller.tools.js';

/**
 * A message of a conversation that the caller of a run keeps. Each call of an assistant has its result in a later
 * message.
 *
 * @example
 * import type { TranscriptMessage } from 'rookery';
 *
 * const messages: TranscriptMessage[] = [
 *   { role: 'developer', content: 'The user is in Oslo.' },
 *   { role: 'user', content: 'Is it cold?' },
 *   { role: 'assistant', tool_calls: [{ call_id: 'c1', tool: 'get_weather', arguments: '{}' }] },
 *   { role: 'tool', call_id: 'c1', output: '{"celsius": 7}' },
 * ];
 */
export type TranscriptMessage =
  | {
      /** Both are instructions of the caller. Models read them as `developer`. */
      readonly role: 'system' | 'developer';
      /** The text. */
      readonly content: string;
    }
  | {
      /** A message of the user. */
      readonly role: 'user';
      /** A text, or its parts. */
      readonly content: string | readonly MessagePart[];
    }
  | {
      /** An answer of the model. */
      readonly role: 'assistant';
      /** The text. Default: none. */
      readonly content?: string | undefined;
      /** Its calls. Default: none. */
      readonly tool_calls?: readonly PendingCall[] | undefined;
      /** The reasoning that led to it. Only the provider that sent it gets it back. Default: none. */
      readonly reasoning?: readonly ModelReasoning[] | undefined;
    }
  | {
      /** The result of a call. */
      readonly role: 'tool';
      /** The `call_id` of the call. */
      readonly call_id: string;
      /** The result for the model. */
      readonly output: string;
    };

export const isPendingCalls = isArrayOf(
  isObjectOf<PendingCall>({ call_id: isString, tool: isString, arguments: isString }),
);

/** Checks the form of a transcript, as requests and stored tasks have it. */
export const isTranscript = isArrayOf(isTranscriptMessage);

export function isTranscriptMessage(value: unknown): value is TranscriptMessage {
  if (!isObject(value)) return false;
  const { role, content, tool_calls, call_id, output, reasoning } = value;
  switch (role) {
    case 'system':
    case 'developer':
      return isString(content);
    case 'user':
      return isString(content) || isMessageParts(content);
    case 'assistant':
      return (
        (content === undefined || isString(content)) &&
        (tool_calls === undefined || isPendingCalls(tool_calls)) &&
        (reasoning === undefined || isReasoningParts(reasoning))
      );
    case 'tool':
      return isString(call_id) && isString(output);
    default:
      return false;
  }
}
