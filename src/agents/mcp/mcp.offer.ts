import type { ToolDefinition } from '../tool.definition.js';
import type { McpConnection } from './mcp.connection.js';
import { definitionOf } from './mcp.definition.js';
import type { ListedTool, McpListing } from './mcp.listing.js';
import type { McpServerOptions } from './mcp.options.js';
import { isPinned, toolDigest } from './mcp.pin.js';

const MAX_TOOLS = 128;

/** The tools that an agent offers, and why it does not offer others. */
export interface McpOffer {
  readonly tools: readonly ToolDefinition[];
  readonly faults: readonly string[];
  /** The digests of the tools that are not as they were pinned. */
  readonly digests: Readonly<Record<string, string>>;
}

/** Chooses the tools of a server that its options allow. */
export function offerOf(server: McpServerOptions, listing: McpListing, connection: McpConnection): McpOffer {
  const { tools: allowList, pin, trustAnnotations } = server;
  const faults = [...listing.faults, ...missingToolFaults(server, listing.tools)];
  const allowed = listing.tools.filter(({ name }) => allowList?.includes(name) ?? true);
  const changed = allowed.filter((tool) => pin !== undefined && !isPinned(tool, pin, trustAnnotations));
  faults.push(...changed.map(({ name }) => changeFault(name, pin)));
  const tools: ToolDefinition[] = [];
  for (const tool of allowed.filter((each) => !changed.includes(each))) {
    try {
      tools.push(definitionOf(server, tool, connection));
    } catch (failure) {
      const reason = failure instanceof Error ? failure.message : String(failure);
      faults.push(`The tool ${tool.name} cannot be offered: ${reason}.`);
    }
  }
  if (tools.length > MAX_TOOLS)
    faults.push(`${tools.length} tools are too many: only the first ${MAX_TOOLS} are offered.`);
  const digests = Object.fromEntries(changed.map((tool) => [tool.name, toolDigest(tool, trustAnnotations)]));
  return { tools: tools.slice(0, MAX_TOOLS), faults, digests };
}

function missingToolFaults(
  { tools = [], needsApproval = [], pin = {} }: McpServerOptions,
  listed: readonly ListedTool[],
): string[] {
  const names = new Set([...tools, ...needsApproval, ...Object.keys(pin)]);
  return [...names]
    .filter((name) => !listed.some((tool) => tool.name === name))
    .map((name) => `The server has no tool ${name}.`);
}

function changeFault(name: string, pin: McpServerOptions['pin'] = {}): string {
  return Object.hasOwn(pin, name)
    ? `The tool ${name} has changed since it was pinned.`
    : `The tool ${name} is not pinned.`;
}
