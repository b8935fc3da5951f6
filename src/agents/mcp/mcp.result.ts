import type { CallToolResult, ContentBlock } from '@modelcontextprotocol/sdk/types.js';
import { ToolError } from '../tool.error.js';

/** A result as text for the model. Other content is described. @throws ToolError if the result is an error. */
export function toolResultText({ content, structuredContent, isError }: CallToolResult): string | undefined {
  const hasText = content.some(({ type }) => type === 'text');
  const parts = content.map(blockText);
  if (!hasText && structuredContent !== undefined) parts.unshift(JSON.stringify(structuredContent));
  const text = parts.join('\n');
  if (isError === true) throw new ToolError(text || 'The tool failed without a message.');
  return text || undefined;
}

function blockText(block: ContentBlock): string {
  switch (block.type) {
    case 'text':
      return block.text;
    case 'image':
    case 'audio':
      return `[${block.type}: ${block.mimeType}, ${bytesOf(block.data)} bytes, not shown]`;
    case 'resource_link':
      return `[resource ${block.uri}: ${block.description ?? block.title ?? block.name}]`;
    case 'resource': {
      const { resource } = block;
      const head = `resource ${resource.uri}: ${resource.mimeType ?? 'unknown type'}`;
      return 'text' in resource
        ? `[${head}]\n${resource.text}`
        : `[${head}, ${bytesOf(resource.blob)} bytes, not shown]`;
    }
  }
}

function bytesOf(base64: string): number {
  return Buffer.byteLength(base64, 'base64');
}
