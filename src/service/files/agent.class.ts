import { resolve } from 'node:path';
import type { Type } from '@nestjs/common';
import { Agent, type Guardrail, type McpServerOptions } from '../../index.js';
import type { AgentFile } from './agent.file.js';
import type { McpFile } from './mcp.file.js';

/**
 * Makes a class of an agent in a file. So it goes through the same registry as all others.
 *
 * @param name the name of the file, which is the name of the class in errors.
 * @param known the guardrails by their names.
 * @param folder the working folder of the programs that the file names. Their own `cwd` is relative to it.
 */
export function agentClass(
  name: string,
  file: AgentFile,
  known: ReadonlyMap<string, Type<Guardrail>>,
  folder: string,
): Type<object> {
  const { role, description, instructions, limits, guardrails = [], mcp = [], ...others } = file;
  const type = { [name]: class {} }[name] ?? class {};
  Agent({
    role,
    description,
    instructions,
    ...given(others),
    limits: given({ maxTurns: limits?.max_turns, maxTokens: limits?.max_tokens }),
    guardrails: guardrails.flatMap((each) => known.get(each) ?? []),
    mcp: mcp.map((server) => serverOptions(server, folder)),
  })(type);
  return type;
}

function serverOptions(server: McpFile, folder: string): McpServerOptions {
  const { name, url, headers, command = '', args, env, cwd = '' } = server;
  const options = {
    name,
    ...given({
      tools: server.tools,
      needsApproval: server.needs_approval,
      trustAnnotations: server.trust_annotations,
      pin: server.pin,
      allowChanges: server.allow_changes,
      timeoutMs: server.timeout_ms,
    }),
  };
  return url === undefined
    ? { ...options, command, cwd: resolve(folder, cwd), ...given({ args, env }) }
    : { ...options, url, ...given({ headers }) };
}

/** The fields that have a value. */
function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> };
function given(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
