/** A piece of what a user says: text, or an image by its address (`https:`, or `data:` with the image itself). */
export type MessagePart =
  { readonly type: 'text'; readonly text: string } | { readonly type: 'image_url'; readonly url: string };

/** What stands for an image where there is text only. */
const IMAGE_PLACEHOLDER = '[image]';

/** The parts as text: for guardrails, histories and models that read nothing else. */
export function textOfParts(parts: readonly MessagePart[]): string {
  return parts.map((part) => (part.type === 'text' ? part.text : IMAGE_PLACEHOLDER)).join('\n');
}
