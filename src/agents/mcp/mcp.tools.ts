import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import { isObject } from '../../json/json.object.js';
import type { AgentDefinition } from '../agent.definition.js';
import type { ToolDefinition } from '../tool.definition.js';
import { AgentRegistry } from '../agent.registry.js';
import { plainSchema } from '../schemas/json.schema.js';
import type { McpConnection } from './mcp.connection.js';
import { DEFAULT_TIMEOUT_MS, type McpServerOptions } from './mcp.options.js';
import { toolResultText } from './mcp.result.js';
import { InvalidValue } from '../schemas/value.schema.js';

const INVALID_CHARACTERS = /[^A-Za-z0-9_-]/g;
const MAX_NAME_CHARS = 64;
const MAX_DESCRIPTION_CHARS = 4096;
const MAX_SCHEMA_CHARS = 32 * 1024;

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

  #register({ agent, server }: McpBinding, listed: readonly Tool[], connection: McpConnection): void {
    const faults = missingToolFaults(server, listed);
    const tools: ToolDefinition[] = [];
    for (const listing of listed.filter(({ name }) => server.tools?.includes(name) ?? true)) {
      const tool = definitionOf(server, listing, connection);
      const fault = faultOf(tool);
      if (fault === undefined) tools.push(tool);
      else faults.push(fault);
    }
    const collisions = agent.tools.setServerTools(server.name, tools);
    faults.push(...collisions.map((name) => `Another tool has the name ${name}.`));
    if (faults.length === 0) return;
    this.#logger.warn({ role: agent.role, mcp_server: server.name, faults, msg: 'some MCP tools are not offered' });
  }
}

function missingToolFaults({ tools = [], needsApproval = [] }: McpServerOptions, listed: readonly Tool[]): string[] {
  const names = new Set([...tools, ...needsApproval]);
  return [...names]
    .filter((name) => !listed.some((tool) => tool.name === name))
    .map((name) => `The server has no tool ${name}.`);
}

function faultOf({ name, input }: ToolDefinition): string | undefined {
  if (name.length > MAX_NAME_CHARS) return `${name} is longer than ${MAX_NAME_CHARS} characters.`;
  const isLong = JSON.stringify(input.schema).length > MAX_SCHEMA_CHARS;
  return isLong ? `The schema of ${name} is longer than ${MAX_SCHEMA_CHARS} characters.` : undefined;
}

function definitionOf(server: McpServerOptions, tool: Tool, connection: McpConnection): ToolDefinition {
  const { name, title, description = title ?? name, annotations = {} } = tool;
  return {
    name: `${server.name}_${name}`.replace(INVALID_CHARACTERS, '_'),
    description: description.slice(0, MAX_DESCRIPTION_CHARS),
    // OpenAI requires `properties` of every object.
    input: { schema: plainSchema({ properties: {}, ...tool.inputSchema }), isStrict: false, parse: parseObject },
    needsApproval: server.needsApproval?.includes(name) ?? false,
    isIdempotent: annotations.readOnlyHint === true || annotations.idempotentHint === true,
    timeoutMs: server.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    get isReachable() {
      return connection.isOpen;
    },
    async call(input, { signal }) {
      return toolResultText(await connection.call(name, isObject(input) ? input : {}, signal));
    },
  };
}

/** Checks only the type. The server checks the rest: its schemas are not compiled here. */
function parseObject(value: unknown): Promise<unknown> {
  return isObject(value) ? Promise.resolve(value) : Promise.reject(new InvalidValue('It must be an object.'));
}
