import type { Provider, Type } from '@nestjs/common';
import { agentOptionsOf } from '../../index.js';
import { agentClass } from './agent.class.js';
import { readAgentFiles } from './agent.files.js';
import { type FileRights, readAgent } from './agent.reader.js';
import { ownersOf, type ReadFile, relationFaults, twinsAmong } from './agent.relations.js';
import { type VersionedAgent, versionsOf } from './agent.versions.js';
import { codeDigest } from './code.digest.js';
import { type ModuleReading, readModules } from './module.reader.js';
import type { PlacedFault } from './yaml.source.js';

/** The agents of a folder, as providers of the service. */
export interface FolderAgents {
  readonly providers: readonly Provider[];
  /** The versions of the agents by role. */
  readonly versions: Readonly<Record<string, string>>;
}

/** Lists all faults of a folder with agents. */
class BadAgents extends Error {
  override readonly name = 'BadAgents';

  constructor(directory: string, faults: readonly string[]) {
    super(`The agents in ${directory} are not valid:\n- ${faults.join('\n- ')}`);
  }
}

/**
 * Reads the agents of a folder.
 *
 * @param others the agents of the service that are not in the folder.
 * @throws BadAgents that lists every fault of every file, with its place.
 */
export async function readAgentsFolder(
  directory: string,
  others: readonly Type<object>[],
  rights: FileRights,
): Promise<FolderAgents> {
  const { folder, agents, modules, faults, isOpen } = await readAgentFiles(directory);
  const hasCode = modules.length > 0 && !isOpen;
  const code = hasCode ? await codeDigest(folder) : '';
  const inCode = await readModules(folder, hasCode ? modules : []);
  const files: ReadFile[] = [];
  for (const { name, text } of agents) files.push({ name, text, ...(await readAgent(text, rights)) });
  const all = [...faults, ...inCode.faults, ...faultsOf(files, isOpen ? undefined : inCode, others)];
  // A version must be that of the code that was loaded.
  if (hasCode && (await codeDigest(folder)) !== code) all.push('the code has changed while it was read: start again');
  const isEmpty = files.length + inCode.agents.length === 0;
  if (isEmpty && all.length === 0) all.push('there is no agent: add a file such as support.yaml');
  if (all.length > 0) throw new BadAgents(directory, all);
  const ofFiles = files.flatMap(({ name, agent }) =>
    agent === undefined ? [] : [agentClass(name, agent.fields, inCode.guardrails, folder)],
  );
  return {
    providers: [...inCode.providers, ...ofFiles],
    versions: versionsOf([
      ...inCode.agents.map((type) => ofClass(type, code)),
      ...files.map((file) => ofFile(file, code)),
    ]),
  };
}

/** @param inCode undefined: the modules are not loaded, so what the files refer to is unknown. */
function faultsOf(
  files: readonly ReadFile[],
  inCode: ModuleReading | undefined,
  others: readonly Type<object>[],
): string[] {
  const classes = [...others, ...(inCode?.agents ?? [])];
  const surroundings = { owners: ownersOf(files, classes), guardrails: [...(inCode?.guardrails.keys() ?? [])] };
  const ofFiles = files.flatMap((file) => {
    const placed = [...file.faults, ...(inCode === undefined ? [] : relationFaults(file, surroundings))];
    return placed.toSorted((one, other) => one.line - other.line).map((fault) => faultText(file.name, fault));
  });
  return [...twinsAmong(classes), ...ofFiles];
}

function ofClass(type: Type<object>, code: string): VersionedAgent {
  const { role = '', handoffs = [], agents = [] } = agentOptionsOf(type) ?? {};
  return { role, content: code, others: [...handoffs, ...agents] };
}

/** Its guardrails are code, and its text has all the rest. */
function ofFile({ agent, role = '', text }: ReadFile, code: string): VersionedAgent {
  const { handoffs = [], agents = [], guardrails = [] } = agent?.fields ?? {};
  return { role, content: guardrails.length === 0 ? text : `${text}\0${code}`, others: [...handoffs, ...agents] };
}

function faultText(name: string, { line, column, message }: PlacedFault): string {
  return `${name}:${line}:${column}: ${message}`;
}
