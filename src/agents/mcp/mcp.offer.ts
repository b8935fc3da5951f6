import type { ToolDefinition } from '../tool.definition.js';
import type { McpConnection } from './mcp.connection.js';
import type { ToolChanges } from './mcp.changes.js';
import { definitionOf, needsApproval } from './mcp.definition.js';
import type { ListedTool, McpListing } from './mcp.listing.js';
import type { McpServerOptions } from './mcp.options.js';
import { isPinned } from './mcp.pin.js';

const MAX_TOOLS = 128;

/** The tools that an agent offers, and why it does not offer others. */
export interface McpOffer {
  readonly tools: readonly ToolDefinition[];
  readonly faults: readonly string[];
  /** The tools that are not as they were pinned. */
  readonly unpinned: readonly ListedTool[];
  /** The tools that are not as they were first, if nothing is pinned. */
  readonly changed: readonly ListedTool[];
}

/** The connection of a server, and the first forms of its tools. */
export interface McpSource {
  readonly connection: McpConnection;
  readonly changes: ToolChanges;
}

/** Chooses the tools of a server that its options allow. */
export function offerOf(server: McpServerOptions, listing: McpListing, { connection, changes }: McpSource): McpOffer {
  const { tools: allowList, pin, trustAnnotations, allowChanges = false } = server;
  const faults = [...listing.faults, ...missingToolFaults(server, listing.tools)];
  const listed = listing.tools.filter(({ name }) => allowList?.includes(name) ?? true);
  const isFirst = ({ name }: ListedTool, index: number): boolean =>
    listed.findIndex((tool) => tool.name === name) === index;
  const allowed = listed.filter(isFirst);
  const repeated = listed.filter((tool, index) => !isFirst(tool, index));
  faults.push(...repeated.map(({ name }) => `Another tool has the name ${server.name}_${name}.`));
  const unpinned = allowed.filter((tool) => pin !== undefined && !isPinned(tool, pin, trustAnnotations));
  faults.push(...unpinned.map(({ name }) => changeFault(name, pin)));
  const isFollowed = pin !== undefined || allowChanges;
  const changed = isFollowed ? [] : allowed.filter((tool) => changes.hasChanged(tool, trustAnnotations));
  const tools: ToolDefinition[] = [];
  for (const tool of allowed.filter((each) => !unpinned.includes(each) && !changed.includes(each))) {
    try {
      tools.push(definitionOf(server, tool, connection));
    } catch (failure) {
      const reason = failure instanceof Error ? failure.message : String(failure);
      faults.push(`The tool ${tool.name} cannot be offered: ${reason}.`);
    }
  }
  if (tools.length > MAX_TOOLS)
    faults.push(`${tools.length} tools are too many: only the first ${MAX_TOOLS} are offered.`);
  return { tools: tools.slice(0, MAX_TOOLS), faults, unpinned, changed };
}

function missingToolFaults(server: McpServerOptions, listed: readonly ListedTool[]): string[] {
  const { tools = [], pin = {} } = server;
  const missing = [...new Set([...tools, ...Object.keys(pin)])].filter(
    (name) => !listed.some((tool) => tool.name === name),
  );
  const unmatched = (server.needsApproval ?? []).filter(
    (name) => !missing.includes(name) && !listed.some((tool) => needsApproval([name], tool)),
  );
  return [...missing, ...unmatched].map((name) => `The server has no tool ${name}.`);
}

function changeFault(name: string, pin: McpServerOptions['pin'] = {}): string {
  return Object.hasOwn(pin, name)
    ? `The tool ${name} has changed since it was pinned.`
    : `The tool ${name} is not pinned.`;
}
