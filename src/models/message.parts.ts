/** A part of a user's message: text, or an image by its URL (`https:`, or `data:` with the image itself). */
export type MessagePart =
  | {
      /** A text. */
      readonly type: 'text';
      /** The text itself. */
      readonly text: string;
    }
  | {
      /** An image. */
      readonly type: 'image_url';
      /** The `https:` or `data:` URL of the image. */
      readonly url: string;
    };

/** Replaces an image in plain text. */
const IMAGE_PLACEHOLDER = '[image]';

/** The parts as text, for guardrails, histories and models that read only text. */
export function textOfParts(parts: readonly MessagePart[]): string {
  return parts.map((part) => (part.type === 'text' ? part.text : IMAGE_PLACEHOLDER)).join('\n');
}
