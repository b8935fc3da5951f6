import { imageUrlFault } from '../../http/validation/image.url.js';
import type { MessagePart } from '../../models/message.parts.js';
import { BodyFields, invalid, missing } from './body.fields.js';
import { unsupported } from './field.rules.js';

const MAX_TEXT = 1_000_000;
const MAX_PARTS = 100;
/** The limit of the body is lower. */
const MAX_IMAGE = 64 * 1024 * 1024;

/** Reads the content of a message: a text, or parts of text and images. */
export function readContent(message: BodyFields, name = 'content'): string | MessagePart[] {
  if (!Array.isArray(message.value(name))) return message.text(name, MAX_TEXT) ?? '';
  const parts = message.objects(name, MAX_PARTS).map(readPart);
  return parts.some(({ type }) => type === 'image_url') ? parts : textOf(parts);
}

/** The same for messages that may only have text. */
export function readText(message: BodyFields, name = 'content'): string {
  const content = readContent(message, name);
  if (typeof content === 'string') return content;
  throw unsupported(message.pathOf(name), 'Only messages of the user may have images.');
}

function textOf(parts: readonly MessagePart[]): string {
  return parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

/** Reads a part in the form of either API. */
function readPart(part: BodyFields): MessagePart {
  const type = part.requiredText('type', 64);
  switch (type) {
    case 'text':
    case 'input_text':
    case 'output_text':
    case 'summary_text':
    case 'reasoning_text':
      return { type: 'text', text: part.text('text', MAX_TEXT) ?? '' };
    case 'refusal':
      return { type: 'text', text: part.text('refusal', MAX_TEXT) ?? '' };
    case 'image_url':
      return { type: 'image_url', url: readImage(part.fields('image_url') ?? part, 'url') };
    case 'input_image':
      if (part.value('file_id') !== undefined) throw unsupported(part.pathOf('file_id'));
      return { type: 'image_url', url: readImage(part, 'image_url') };
    default:
      throw unsupported(part.pathOf('type'), `Parts of the type "${type}" are not supported.`);
  }
}

function readImage(part: BodyFields, name: string): string {
  const url = part.text(name, MAX_IMAGE);
  const path = part.pathOf(name);
  if (url === undefined || url === '') throw missing(path);
  const fault = imageUrlFault(url, MAX_IMAGE);
  if (fault !== undefined) throw invalid(path, `${path} ${fault}.`);
  return url;
}
