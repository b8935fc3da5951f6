import { type MessagePart, textOfParts } from '../models/message.parts.js';

/** The text of an input, and its parts if it has images. */
interface TextInput {
  readonly message: string;
  readonly parts?: readonly MessagePart[];
}

/** Converts an input to a message. An input with images keeps its parts too. */
export function inputOf(input: string | readonly MessagePart[]): TextInput {
  if (typeof input === 'string') return { message: input };
  const message = textOfParts(input);
  return input.some(({ type }) => type === 'image_url') ? { message, parts: input } : { message };
}
