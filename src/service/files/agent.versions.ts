import { createHash } from 'node:crypto';

/** An agent of a folder, and the agents that its runs may reach. */
export interface VersionedAgent {
  readonly role: string;
  /** Everything in files that decides how it answers. */
  readonly content: string;
  readonly others: readonly string[];
}

/**
 * The versions of the agents by role. A task may be handed over. So a version also changes with the agents that a run may
 * reach.
 */
export function versionsOf(agents: readonly VersionedAgent[]): Record<string, string> {
  const byRole = new Map(agents.map((agent) => [agent.role, agent]));
  return Object.fromEntries(agents.map((agent) => [agent.role, versionOf(agent, byRole)]));
}

function versionOf({ role }: VersionedAgent, byRole: ReadonlyMap<string, VersionedAgent>): string {
  const reached = new Set([role]);
  // The set grows during the iteration.
  for (const each of reached) for (const other of byRole.get(each)?.others ?? []) reached.add(other);
  const hash = createHash('sha256').update(role);
  for (const each of [...reached].toSorted()) {
    const content = byRole.get(each)?.content;
    if (content !== undefined) hash.update(`\0${each}\0${content.length}\0${content}`);
  }
  return hash.digest('hex').slice(0, 32);
}
