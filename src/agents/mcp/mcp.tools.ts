import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { importOptional } from '../../async/optional.package.js';
import type { AgentDefinition } from '../agent.definition.js';
import { AgentRegistry } from '../agent.registry.js';
import { ToolChanges } from './mcp.changes.js';
import type { McpConnection } from './mcp.connection.js';
import type { ListedTool, McpListing } from './mcp.listing.js';
import { type McpSource, offerOf } from './mcp.offer.js';
import type { McpServerOptions } from './mcp.options.js';
import { toolDigest } from './mcp.pin.js';

/** A server, and the agent that uses its tools. */
interface McpBinding {
  readonly agent: AgentDefinition;
  readonly server: McpServerOptions;
}

/** Adds the tools of MCP servers to their agents, which offer them while the server is reachable. */
@Injectable()
export class McpTools implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #logger = new Logger(McpTools.name);
  #connections: readonly McpConnection[] = [];

  constructor(private readonly agents: AgentRegistry) {}

  /**
   * Connects in the background: an unresponsive server must not delay the start.
   *
   * @throws Error that says what to install, if the package of MCP is missing.
   */
  async onApplicationBootstrap(): Promise<void> {
    const bindings = this.agents.list().flatMap((agent) => agent.mcp.map((server) => ({ agent, server })));
    if (bindings.length > 0) this.#connections = await this.#connect(bindings);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.close()));
  }

  async #connect(bindings: readonly McpBinding[]): Promise<McpConnection[]> {
    // Loaded only if an agent uses MCP: the client takes a sixth of a second to load.
    const { McpConnection: Connection } = await importOptional(
      '@modelcontextprotocol/sdk',
      'An agent with MCP servers',
      () => import('./mcp.connection.js'),
    );
    return bindings.map((each) => {
      const changes = new ToolChanges();
      const connection = new Connection(each.server, each.agent.role, (listed) =>
        this.#register(each, listed, { connection, changes }),
      );
      return connection;
    });
  }

  #register({ agent, server }: McpBinding, listing: McpListing, source: McpSource): void {
    const { tools, faults, unpinned, changed } = offerOf(server, listing, source);
    const collisions = agent.tools.setServerTools(server.name, tools);
    const all = [...faults, ...collisions.map((name) => `Another tool has the name ${name}.`)];
    const origin = { role: agent.role, mcp_server: server.name };
    const digestsOf = (of: readonly ListedTool[]): Record<string, string> =>
      Object.fromEntries(of.map((tool) => [tool.name, toolDigest(tool, server.trustAnnotations)]));
    if (changed.length > 0) {
      const msg = 'an MCP tool has changed; it is not offered until a restart';
      this.#logger.warn({ ...origin, digests: digestsOf(changed), msg });
    }
    if (all.length === 0) return;
    const digests = unpinned.length > 0 ? { digests: digestsOf(unpinned) } : {};
    const msg = 'some MCP tools are not offered as their server lists them';
    this.#logger.warn({ ...origin, faults: all, ...digests, msg });
  }
}
