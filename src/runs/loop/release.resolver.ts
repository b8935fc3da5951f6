import { Injectable } from '@nestjs/common';
import { AgentRegistry } from '../../agents/agent.registry.js';
import type { Principal } from '../../auth/principal.js';
import { isStringRecord } from '../../json/json.object.js';
import { readStoredJson } from '../../json/stored.json.js';
import { Releases } from '../../releases/releases.js';
import type { RunRequest } from '../events/run.events.js';
import type { RunRow } from '../run.row.js';
import { ResolvedAgents } from './resolved.agents.js';

/** Chooses the releases of a run once: for its agent and for all agents that it can reach. */
@Injectable()
export class ReleaseResolver {
  constructor(
    private readonly agents: AgentRegistry,
    private readonly releases: Releases,
  ) {}

  /** @throws AgentError `validation_failed` if the request pins a release that its agent does not have. */
  async resolve(
    role: string,
    { release: pinned }: Pick<RunRequest, 'release'>,
    sessionId: string,
    principal: Principal,
  ): Promise<ResolvedAgents> {
    const others = this.#reachableFrom(role);
    return new ResolvedAgents(await this.releases.choose({ role, pinned, others, sessionId, principal }));
  }

  /** Restores the releases that were chosen when the run was submitted. */
  restore({ agent_role, release, releases }: Pick<RunRow, 'agent_role' | 'release' | 'releases'>): ResolvedAgents {
    const others = releases === null ? {} : readStoredJson(releases, 'runs.releases', isStringRecord);
    return new ResolvedAgents(
      this.releases.restore({ ...others, ...(release === null ? {} : { [agent_role]: release }) }),
    );
  }

  #reachableFrom(role: string): ReadonlySet<string> {
    const reached = new Set([role]);
    // The set grows during the iteration.
    for (const each of reached) {
      const { handoffs, agents } = this.agents.get(each);
      for (const other of [...handoffs, ...agents]) reached.add(other);
    }
    return reached;
  }
}

/** The columns with the release of a run; for a task also those of reachable agents. */
export function releaseColumns(resolved: ResolvedAgents, { role }: { readonly role: string }, isTask: boolean) {
  const { [role]: _, ...others } = resolved.names();
  return {
    release: resolved.releaseOf(role),
    releases: isTask && Object.keys(others).length > 0 ? JSON.stringify(others) : null,
  };
}
