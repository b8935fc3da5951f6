import { type MessagePart, textOfParts } from '../models/message.parts.js';
import type { RunRequest } from './run.events.js';

export type { MessagePart } from '../models/message.parts.js';

/** What is said in a run: text alone, or text with images, which is kept in its parts too. */
export function inputOf(input: string | readonly MessagePart[]): Pick<RunRequest, 'message' | 'parts'> {
  if (typeof input === 'string') return { message: input };
  const message = textOfParts(input);
  return input.some(({ type }) => type === 'image_url') ? { message, parts: input } : { message };
}
