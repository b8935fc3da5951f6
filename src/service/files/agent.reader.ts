import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { findSchemaFault } from '../../index.js';
import { AgentFile } from './agent.file.js';
import { type BrokenRule, brokenRules } from './file.rules.js';
import type { McpFile } from './mcp.file.js';
import { resolveSecrets } from './secret.references.js';
import { isMapping, type PlacedFault, YamlSource } from './yaml.source.js';

/** The rights of files. */
export interface FileRights {
  /** The secrets by the names of their variables. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Whether files may name programs to run. */
  readonly mayRunPrograms: boolean;
  /** The only models; undefined: any name. */
  readonly modelNames: readonly string[] | undefined;
}

/** A file with an agent, whose fields have the right form. */
export interface ReadAgent {
  readonly source: YamlSource;
  readonly fields: AgentFile;
}

/** An agent, or the faults of its file. The fields of a file with faults may have any form. */
export interface AgentReading {
  readonly agent: ReadAgent | undefined;
  /** Other files may refer to it, although its own file has faults. */
  readonly role: string | undefined;
  readonly faults: readonly PlacedFault[];
}

/** Parses a file with an agent, and finds its faults. Whether the agents that it names exist, its folder knows. */
export async function readAgent(text: string, rights: FileRights): Promise<AgentReading> {
  const source = new YamlSource(text);
  const { value } = source;
  const none = { agent: undefined, role: undefined };
  if (source.faults.length > 0) return { ...none, faults: source.faults };
  if (!isMapping(value)) {
    const message = 'the file must be a map: begin with `role: support`, for example';
    return { ...none, faults: [source.faultAt([], message)] };
  }
  const rules: BrokenRule[] = [];
  const mcp = resolveSecrets(value.mcp, rights.secrets, (rule) => rules.push(rule));
  const fields = plainToInstance(AgentFile, { ...value, ...(mcp === undefined ? {} : { mcp }) });
  const errors = validateSync(fields, { whitelist: true, forbidNonWhitelisted: true });
  rules.push(...brokenRules(errors));
  const role = typeof value.role === 'string' ? value.role : undefined;
  // An unknown field does not hide the other faults.
  const areFormsRight = validateSync(fields).length === 0;
  if (areFormsRight) rules.push(...modelRules(fields, rights), ...serverRules(fields.mcp ?? [], rights));
  const schemaFault = isMapping(value.output) ? await findSchemaFault(value.output) : undefined;
  if (schemaFault !== undefined) rules.push({ path: ['output'], message: `output cannot be used: ${schemaFault}` });
  const faults = rules.map(({ path, message }) => source.faultAt(path, message));
  return { agent: faults.length === 0 ? { source, fields } : undefined, role, faults };
}

function modelRules({ model }: AgentFile, { modelNames }: FileRights): BrokenRule[] {
  if (model === undefined || modelNames?.includes(model) !== false) return [];
  return [{ path: ['model'], message: `no provider has the model "${model}". Offered: ${modelNames.join(', ')}` }];
}

function serverRules(servers: readonly McpFile[], rights: FileRights): BrokenRule[] {
  const names = servers.map(({ name }) => name);
  return servers.flatMap((server, index) => {
    const isTwin = names.indexOf(server.name) < index;
    const fields = [...(isTwin ? ['name'] : []), ...kindFaults(server)];
    const ofKind = fields.map((field) => ({ path: ['mcp', index, field], message: messageOf(field, server) }));
    return [...ofKind, ...programRules(server, index, rights), ...approvalRules(server, index)];
  });
}

/** The fields that contradict the kind of the server: it has a URL, or it is a program. */
function kindFaults({ url, command, headers, args, env, cwd }: McpFile): string[] {
  if ((url === undefined) === (command === undefined)) return [command === undefined ? 'url' : 'command'];
  const others = url === undefined ? { headers } : { args, env, cwd };
  return Object.entries(others).flatMap(([field, value]) => (value === undefined ? [] : [field]));
}

function messageOf(field: string, { name, url }: McpFile): string {
  if (field === 'name') return `another server has the name "${name}": choose another one`;
  if (field === 'url') return `server "${name}" needs a url, or a command that starts it`;
  if (field === 'command') return `server "${name}" has a url and a command: remove one of them`;
  return `${field} does not belong to a server with a ${url === undefined ? 'command' : 'url'}: remove it`;
}

function programRules({ name, command }: McpFile, index: number, { mayRunPrograms }: FileRights): BrokenRule[] {
  if (command === undefined || mayRunPrograms) return [];
  const message = `server "${name}" runs a program: set ALLOW_STDIO_MCP=true if the service may do that, or use a url`;
  return [{ path: ['mcp', index, 'command'], message }];
}

function approvalRules({ tools, needs_approval: approvals = [] }: McpFile, index: number): BrokenRule[] {
  if (tools === undefined) return [];
  return approvals.flatMap((tool, at) => {
    if (tools.includes(tool)) return [];
    const message = `needs_approval names "${tool}", which is not in tools: add it there, or remove it here`;
    return [{ path: ['mcp', index, 'needs_approval', at], message }];
  });
}
