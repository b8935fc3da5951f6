import { hash } from 'node:crypto';
import { isObject } from '../../json/json.object.js';
import type { ListedTool } from './mcp.listing.js';

/**
 * The digest of everything about a tool that the model reads.
 *
 * @param isTrusted the digest covers the hints, too: they decide whether a call is repeated.
 */
export function toolDigest(
  { name, title, description, inputSchema, annotations }: ListedTool,
  isTrusted = false,
): string {
  const hints = isTrusted ? { annotations } : {};
  const text = JSON.stringify({ name, title, description, inputSchema, ...hints }, (_, value: unknown) =>
    sorted(value),
  );
  return `sha256-${hash('sha256', text, 'base64')}`;
}

/** Whether the tool is as it was pinned. */
export function isPinned(tool: ListedTool, pin: Readonly<Record<string, string>>, isTrusted = false): boolean {
  return Object.hasOwn(pin, tool.name) && pin[tool.name] === toolDigest(tool, isTrusted);
}

function sorted(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
