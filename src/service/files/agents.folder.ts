import type { Type } from '@nestjs/common';
import { agentOptionsOf } from '../../index.js';
import { agentClass } from './agent.class.js';
import { readAgentFiles } from './agent.files.js';
import { type AgentReading, type FileRights, readAgent, type ReadAgent } from './agent.reader.js';
import { type BrokenRule, nearestOf } from './file.rules.js';
import type { PlacedFault } from './yaml.source.js';

/** The agents of a folder, as providers of the service. */
export interface FolderAgents {
  readonly providers: readonly Type<object>[];
  readonly roles: readonly string[];
}

/** A file, and what was read from it. */
interface ReadFile extends AgentReading {
  readonly name: string;
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
  const { folder, agents, faults } = await readAgentFiles(directory);
  const files: ReadFile[] = [];
  for (const { name, text } of agents) files.push({ name, ...(await readAgent(text, rights)) });
  const owners = ownersOf(files, others);
  const all = [
    ...faults,
    ...files.flatMap((file) => {
      const placed = [...file.faults, ...relationFaults(file, owners)];
      return placed.toSorted((one, other) => one.line - other.line).map((fault) => faultText(file.name, fault));
    }),
  ];
  if (files.length === 0 && all.length === 0) all.push('there is no agent: add a file such as support.yaml');
  if (all.length > 0) throw new BadAgents(directory, all);
  const read = files.flatMap(({ name, agent }) => (agent === undefined ? [] : [{ name, agent }]));
  return {
    providers: read.map(({ name, agent }) => agentClass(name, agent.fields, folder)),
    roles: read.map(({ agent }) => agent.fields.role),
  };
}

/** The owner of each role: the first file with it, or the class. */
function ownersOf(files: readonly ReadFile[], others: readonly Type<object>[]): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const type of others) {
    const role = agentOptionsOf(type)?.role;
    if (role !== undefined) owners.set(role, type.name);
  }
  for (const { name, role } of files) if (role !== undefined && !owners.has(role)) owners.set(role, name);
  return owners;
}

/** The faults of a file in relation to the other agents. */
function relationFaults({ name, agent }: ReadFile, owners: ReadonlyMap<string, string>): PlacedFault[] {
  if (agent === undefined) return [];
  const { role } = agent.fields;
  const owner = owners.get(role);
  const taken: BrokenRule = { path: ['role'], message: `role "${role}" is that of ${owner}: ${howToFree(owner)}` };
  const rules = [...(owner === name ? [] : [taken]), ...referenceRules(agent, owners)];
  return rules.map(({ path, message }) => agent.source.faultAt(path, message));
}

function howToFree(owner = ''): string {
  const isFile = /\.ya?ml$/.test(owner);
  return isFile ? 'change one of them' : 'choose another one, or set BUILTIN_AGENTS=false';
}

function referenceRules({ fields }: ReadAgent, owners: ReadonlyMap<string, string>): BrokenRule[] {
  const { role, handoffs = [], agents = [] } = fields;
  return Object.entries({ handoffs, agents }).flatMap(([field, roles]) =>
    roles.flatMap((other, index) => {
      const path = [field, index];
      if (other === role) return [{ path, message: `${field} names the agent itself: remove "${role}"` }];
      if (owners.has(other)) return [];
      const near = nearestOf(other, [...owners.keys()]);
      const hint = near === undefined ? `Offered: ${[...owners.keys()].join(', ')}` : `Did you mean ${near}?`;
      return [{ path, message: `${field} names "${other}", but no agent has this role. ${hint}` }];
    }),
  );
}

function faultText(name: string, { line, column, message }: PlacedFault): string {
  return `${name}:${line}:${column}: ${message}`;
}
