import { SESSION_ID } from '../../http/validation/schema.decorator.js';
import { OpenAIRefusal } from '../openai.error.js';

const PREFIX = 'conv_';

export function conversationIdOf(sessionId: string): string {
  return PREFIX + sessionId;
}

/** The session of a conversation. @throws OpenAIRefusal `conversation_not_found` if the text is not the id of one. */
export function sessionIdOf(conversation: string): string {
  const sessionId = conversation.startsWith(PREFIX) ? conversation.slice(PREFIX.length) : '';
  if (SESSION_ID.test(sessionId)) return sessionId;
  throw conversationNotFound(conversation);
}

export function conversationNotFound(conversation: string): OpenAIRefusal {
  const detail = `Conversation with id '${conversation.slice(0, 160)}' not found.`;
  return new OpenAIRefusal('conversation_not_found', 'conversation', detail);
}
