import { type MessagePart, textOfParts } from '../models/message.parts.js';
import type { RunRequest } from './events/run.events.js';

/** Converts an input to a message. An input with images keeps its parts too. */
export function inputOf(input: string | readonly MessagePart[]): Pick<RunRequest, 'message' | 'parts'> {
  if (typeof input === 'string') return { message: input };
  const message = textOfParts(input);
  return input.some(({ type }) => type === 'image_url') ? { message, parts: input } : { message };
}
