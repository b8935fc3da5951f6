import type { Type } from '@nestjs/common';
import { agentOptionsOf } from '../../index.js';
import type { AgentReading, ReadAgent } from './agent.reader.js';
import { type BrokenRule, nearestOf } from './file.rules.js';
import type { PlacedFault } from './yaml.source.js';

/** The things that the files of a folder may refer to. */
export interface Surroundings {
  /** The owner of each role: a file or a class. */
  readonly owners: ReadonlyMap<string, string>;
  readonly guardrails: readonly string[];
}

/** A file, and what was read from it. */
export interface ReadFile extends AgentReading {
  readonly name: string;
  readonly text: string;
}

/** The agents in code whose role another one has. */
export function twinsAmong(types: readonly Type<object>[]): string[] {
  const roles = types.map((type) => agentOptionsOf(type)?.role);
  return types.flatMap((type, index) => {
    const first = roles.indexOf(roles[index]);
    const owner = types[first]?.name;
    return first === index ? [] : [`${type.name}: role "${roles[index]}" is that of ${owner}: ${howToFree(owner)}`];
  });
}

/** The owner of each role: the first file with it, or the class. */
export function ownersOf(files: readonly ReadFile[], others: readonly Type<object>[]): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const type of others) {
    const role = agentOptionsOf(type)?.role;
    if (role !== undefined) owners.set(role, type.name);
  }
  for (const { name, role } of files) if (role !== undefined && !owners.has(role)) owners.set(role, name);
  return owners;
}

/** The faults of a file in relation to the other agents. */
export function relationFaults({ name, agent }: ReadFile, { owners, guardrails }: Surroundings): PlacedFault[] {
  if (agent === undefined) return [];
  const { role } = agent.fields;
  const owner = owners.get(role);
  const taken: BrokenRule = { path: ['role'], message: `role "${role}" is that of ${owner}: ${howToFree(owner)}` };
  const rules = [
    ...(owner === name ? [] : [taken]),
    ...referenceRules(agent, owners),
    ...guardrailRules(agent, guardrails),
  ];
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

function guardrailRules({ fields }: ReadAgent, known: readonly string[]): BrokenRule[] {
  const { guardrails = [] } = fields;
  return guardrails.flatMap((name, index) => {
    if (known.includes(name)) return [];
    const hint =
      known.length === 0 ? 'Export a class that extends Guardrail from a .js file' : `Offered: ${known.join(', ')}`;
    return [{ path: ['guardrails', index], message: `guardrails names "${name}", which no module exports. ${hint}` }];
  });
}
