import { cutText } from '../schemas/provider.keywords.js';
import { isObject } from '../../json/json.object.js';
import { providerSchema } from '../schemas/provider.schema.js';
import type { JsonSchema } from '../schemas/json.schema.js';
import { InvalidValue } from '../schemas/value.schema.js';
import { NO_RETRIES, type ToolDefinition } from '../tool.definition.js';
import type { McpConnection } from './mcp.connection.js';
import type { ListedTool } from './mcp.listing.js';
import { areSendable, DEFAULT_TIMEOUT_MS, type McpServerOptions } from './mcp.options.js';
import { toolResultText } from './mcp.result.js';

const INVALID_CHARACTERS = /[^A-Za-z0-9_-]/g;
const MAX_NAME_CHARS = 64;
/** OpenAI refuses longer descriptions. */
const MAX_DESCRIPTION_CHARS = 1024;
const MAX_SCHEMA_CHARS = 32 * 1024;

/** Makes a tool of an agent from a tool of a server. @throws Error if it cannot be offered. */
export function definitionOf(server: McpServerOptions, tool: ListedTool, connection: McpConnection): ToolDefinition {
  const { name, title, description = title ?? name, annotations = {} } = tool;
  const isIdempotent = annotations.readOnlyHint === true || annotations.idempotentHint === true;
  return {
    name: modelName(server, tool),
    description: cutText(description, MAX_DESCRIPTION_CHARS),
    input: { schema: modelSchema(tool), isStrict: false, parse: parseObject },
    needsApproval: needsApproval(server.needsApproval, tool),
    isIdempotent: server.trustAnnotations === true && isIdempotent,
    timeoutMs: server.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    retry: NO_RETRIES,
    get isReachable() {
      return connection.isReachable;
    },
    async call(value, context) {
      const input = isObject(value) ? value : {};
      const { signal, idempotencyKey } = context;
      const headers = 'url' in server ? await server.callHeaders?.(context) : undefined;
      if (headers !== undefined && !areSendable(headers)) throw new Error(unsendable(server));
      return toolResultText(await connection.call({ tool: name, input, idempotencyKey, headers }, signal));
    },
  };
}

function unsendable({ name }: McpServerOptions): string {
  return `The headers that callHeaders returns for the MCP server "${name}" cannot be sent.`;
}

/** Compares the names that the model reads, so that `a.b` does not evade the approval of `a_b`. */
export function needsApproval(names: readonly string[] = [], { name }: ListedTool): boolean {
  return names.some((each) => sanitized(each) === sanitized(name));
}

function sanitized(name: string): string {
  return name.replace(INVALID_CHARACTERS, '_');
}

function modelName(server: McpServerOptions, tool: ListedTool): string {
  const name = sanitized(`${server.name}_${tool.name}`);
  if (name.length <= MAX_NAME_CHARS) return name;
  throw new Error(`its name is longer than ${MAX_NAME_CHARS} characters with that of the server`);
}

function modelSchema({ inputSchema }: ListedTool): JsonSchema {
  assertShort(inputSchema);
  const schema = providerSchema(inputSchema, MAX_DESCRIPTION_CHARS);
  assertShort(schema);
  return schema;
}

function assertShort(schema: object): void {
  if (JSON.stringify(schema).length <= MAX_SCHEMA_CHARS) return;
  throw new Error(`its schema is longer than ${MAX_SCHEMA_CHARS} characters`);
}

/** Checks only the type. The server checks the rest: its schemas are not compiled here. */
function parseObject(value: unknown): Promise<unknown> {
  return isObject(value) ? Promise.resolve(value) : Promise.reject(new InvalidValue('It must be an object.'));
}
