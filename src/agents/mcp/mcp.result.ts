import { isObject, isString, type JsonObject } from '../../json/json.object.js';
import { ToolError } from '../tool.error.js';
import { textOfNumbers } from './mcp.numbers.js';

/**
 * A result as text for the model. Other content is described, and unknown content is named. Structured content replaces
 * a missing text. It is not compared with its schema.
 *
 * @throws ToolError if the result is an error.
 */
export function toolResultText(result: JsonObject): string | undefined {
  const { content, isError, structuredContent, toolResult } = result;
  const blocks = [content ?? []].flat();
  const parts = blocks.map(blockText);
  // Servers of the first protocol send `toolResult`.
  const value = structuredContent ?? toolResult ?? undefined;
  if (value !== undefined && !blocks.some(isText)) parts.unshift(textOfNumbers(value));
  const text = parts.join('\n');
  if (isError === true) throw new ToolError(text || 'The tool failed without a message.');
  return text || undefined;
}

function blockText(block: unknown): string {
  if (isString(block)) return block;
  if (!isObject(block) || !isString(block.type)) return '[unknown content, not shown]';
  const { type, text, resource } = block;
  if (isText(block)) return isString(text) ? text : textOfNumbers(text);
  if (type === 'image' || type === 'audio') return `[${type}: ${sizeOf(block.mimeType, block.data)}]`;
  if (type === 'resource_link' && isString(block.uri)) return linkText(block);
  return type === 'resource' && isObject(resource) ? resourceText(resource) : `[${type}, not shown]`;
}

function linkText({ uri, description, title, name }: JsonObject): string {
  const label = [description, title, name].find(isString);
  return `[resource ${String(uri)}${label === undefined ? '' : `: ${label}`}]`;
}

function resourceText({ uri, mimeType, text, blob }: JsonObject): string {
  const head = `resource${isString(uri) ? ` ${uri}` : ''}`;
  return isString(text) ? `[${head}: ${typeOf(mimeType)}]\n${text}` : `[${head}: ${sizeOf(mimeType, blob)}]`;
}

function sizeOf(mimeType: unknown, base64: unknown): string {
  const bytes = isString(base64) ? Buffer.from(base64, 'base64').byteLength : 0;
  return `${typeOf(mimeType)}, ${bytes} bytes, not shown`;
}

function typeOf(mimeType: unknown): string {
  return isString(mimeType) ? mimeType : 'unknown type';
}

function isText(block: unknown): boolean {
  return isString(block) || (isObject(block) && block.type === 'text' && (block.text ?? undefined) !== undefined);
}
