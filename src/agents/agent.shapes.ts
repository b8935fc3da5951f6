import type { Fields, FieldsOf } from '../json/object.shape.js';
import type { AgentLimits, AgentOptions } from './agent.decorator.js';
import type { McpHttpServer, McpStdioServer } from './mcp/mcp.options.js';
import type { ToolOptions, ToolRetryOptions } from './tool.decorator.js';

const MCP_SERVER = {
  name: 'text',
  tools: { list: 'text' },
  needsApproval: { list: 'text' },
  trustAnnotations: 'boolean',
  pin: { named: 'text' },
  allowChanges: 'boolean',
  timeoutMs: 'number',
  url: 'text',
  headers: { named: 'text' },
  callHeaders: 'any',
  command: 'text',
  args: { list: 'text' },
  env: { named: 'text' },
  cwd: 'text',
} as const satisfies FieldsOf<McpHttpServer & McpStdioServer>;

/** The form of the options of `@Agent`. The registry names what is wrong with those of any type. */
export const AGENT_SHAPE: Fields = {
  fields: {
    role: 'any',
    description: 'any',
    instructions: 'any',
    model: 'text',
    temperature: 'number',
    limits: { fields: { maxTurns: 'number', maxTokens: 'number' } satisfies FieldsOf<AgentLimits> },
    handoffs: { list: 'text' },
    agents: { list: 'text' },
    mcp: { list: { fields: MCP_SERVER } },
    guardrails: { list: 'any' },
    output: 'any',
    callerInstructions: ['append', 'refuse'],
  } satisfies FieldsOf<AgentOptions>,
};

/** The form of the options of `@Tool`. */
export const TOOL_SHAPE: Fields = {
  fields: {
    description: 'any',
    name: 'text',
    input: 'any',
    idempotent: 'boolean',
    needsApproval: 'any',
    timeoutMs: 'number',
    retry: { fields: { most: 'number', initialMs: 'number', factor: 'number' } satisfies FieldsOf<ToolRetryOptions> },
  } satisfies FieldsOf<ToolOptions>,
};
