import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { AgentDefinition } from '../agent.definition.js';
import { AgentRegistry } from '../agent.registry.js';
import type { McpConnection } from './mcp.connection.js';
import type { McpListing } from './mcp.listing.js';
import { offerOf } from './mcp.offer.js';
import type { McpServerOptions } from './mcp.options.js';

/** A server, and the agent that uses its tools. */
interface McpBinding {
  readonly agent: AgentDefinition;
  readonly server: McpServerOptions;
}

/** Adds the tools of MCP servers to their agents, which offer them while the server is reachable. */
@Injectable()
export class McpTools implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #logger = new Logger(McpTools.name);
  #connections: Promise<McpConnection[]> = Promise.resolve([]);

  constructor(private readonly agents: AgentRegistry) {}

  /** Connects in the background: an unresponsive server must not delay the start. */
  onApplicationBootstrap(): void {
    const bindings = this.agents.list().flatMap((agent) => agent.mcp.map((server) => ({ agent, server })));
    if (bindings.length > 0) this.#connections = this.#connect(bindings);
  }

  async onApplicationShutdown(): Promise<void> {
    const connections = await this.#connections;
    await Promise.all(connections.map((connection) => connection.close()));
  }

  async #connect(bindings: readonly McpBinding[]): Promise<McpConnection[]> {
    try {
      // Loaded only if an agent uses MCP: the client takes a sixth of a second to load.
      const { McpConnection: Connection } = await import('./mcp.connection.js');
      return bindings.map((each) => {
        const connection = new Connection(each.server, each.agent.role, (listed) =>
          this.#register(each, listed, connection),
        );
        return connection;
      });
    } catch (cause) {
      this.#logger.error({ cause, msg: 'loading the MCP client failed' });
      return [];
    }
  }

  #register({ agent, server }: McpBinding, listing: McpListing, connection: McpConnection): void {
    const { tools, faults, digests } = offerOf(server, listing, connection);
    const collisions = agent.tools.setServerTools(server.name, tools);
    const all = [...faults, ...collisions.map((name) => `Another tool has the name ${name}.`)];
    if (all.length === 0) return;
    this.#logger.warn({
      role: agent.role,
      mcp_server: server.name,
      faults: all,
      ...(Object.keys(digests).length > 0 ? { digests } : {}),
      msg: 'some MCP tools are not offered as their server lists them',
    });
  }
}
