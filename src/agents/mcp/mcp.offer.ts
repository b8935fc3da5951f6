import type { ToolDefinition } from '../tool.definition.js';
import type { McpConnection } from './mcp.connection.js';
import { definitionOf } from './mcp.definition.js';
import type { ListedTool, McpListing } from './mcp.listing.js';
import type { McpServerOptions } from './mcp.options.js';

const MAX_TOOLS = 128;

/** The tools that an agent offers, and why it does not offer others. */
export interface McpOffer {
  readonly tools: readonly ToolDefinition[];
  readonly faults: readonly string[];
}

/** Chooses the tools of a server that its options allow. */
export function offerOf(server: McpServerOptions, listing: McpListing, connection: McpConnection): McpOffer {
  const { tools: allowList } = server;
  const faults = [...listing.faults, ...missingToolFaults(server, listing.tools)];
  const allowed = listing.tools.filter(({ name }) => allowList?.includes(name) ?? true);
  const tools: ToolDefinition[] = [];
  for (const tool of allowed) {
    try {
      tools.push(definitionOf(server, tool, connection));
    } catch (failure) {
      const reason = failure instanceof Error ? failure.message : String(failure);
      faults.push(`The tool ${tool.name} cannot be offered: ${reason}.`);
    }
  }
  if (tools.length > MAX_TOOLS)
    faults.push(`${tools.length} tools are too many: only the first ${MAX_TOOLS} are offered.`);
  return { tools: tools.slice(0, MAX_TOOLS), faults };
}

function missingToolFaults(
  { tools = [], needsApproval = [] }: McpServerOptions,
  listed: readonly ListedTool[],
): string[] {
  const names = new Set([...tools, ...needsApproval]);
  return [...names]
    .filter((name) => !listed.some((tool) => tool.name === name))
    .map((name) => `The server has no tool ${name}.`);
}
