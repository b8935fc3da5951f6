import { Injectable } from '@nestjs/common';
import type { AgentDefinition } from '../../agents/agent.definition.js';
import { AgentRegistry } from '../../agents/agent.registry.js';
import { accessRefusal } from '../../auth/caller.access.js';
import type { Principal } from '../../auth/principal.js';
import { isStringRecord } from '../../json/json.object.js';
import { readStoredJson } from '../../json/stored.json.js';
import type { ChosenReleases } from '../../releases/release.js';
import { Releases } from '../../releases/releases.js';
import { Switches } from '../../switches/switches.js';
import { DEFAULT_ROLE, type RunRequest } from '../events/run.events.js';
import type { RunRow } from '../run.row.js';
import { ResolvedAgents } from './resolved.agents.js';

/** The agent of a run in its release, with the releases of all agents that it can reach. */
export interface ResolvedAgent {
  readonly agent: AgentDefinition;
  readonly releases: ResolvedAgents;
}

/** Chooses the releases of a run once: for its agent and for all agents that it can reach. */
@Injectable()
export class ReleaseResolver {
  constructor(
    private readonly agents: AgentRegistry,
    private readonly releases: Releases,
    private readonly switches: Switches,
  ) {}

  /**
   * Chooses the agent of a request, and its release.
   *
   * @throws AgentError `validation_failed` if the agent, or the release that the request pins, does not exist.
   */
  async resolve(
    { agent_role: role = DEFAULT_ROLE, release: pinned }: Pick<RunRequest, 'agent_role' | 'release'>,
    sessionId: string,
    principal: Principal,
  ): Promise<ResolvedAgent> {
    const others = this.#reachableFrom(role);
    return this.#resolved(role, await this.releases.choose({ role, pinned, others, sessionId, principal }));
  }

  /** @throws AgentError `stopped` if the operator has stopped the agent or the tenant. */
  assertRunning({ agent }: ResolvedAgent, { tenant }: Principal): void {
    this.switches.assertRunning(tenant, agent.role);
  }

  /** Restores the releases that were chosen when the run was submitted. */
  restore({ agent_role, release, releases }: Pick<RunRow, 'agent_role' | 'release' | 'releases'>): ResolvedAgent {
    const others = releases === null ? {} : readStoredJson(releases, 'runs.releases', isStringRecord);
    const names = { ...others, ...(release === null ? {} : { [agent_role]: release }) };
    return this.#resolved(agent_role, this.releases.restore(names));
  }

  /** The agents that the caller may run. Each is in its release of a new session, or in another possible one. */
  async runnableBy(principal: Principal): Promise<AgentDefinition[]> {
    const agents = await Promise.all(this.agents.list().map((agent) => this.#runnable(agent, principal)));
    return agents.filter((agent) => agent !== undefined);
  }

  async #runnable(agent: AgentDefinition, principal: Principal): Promise<AgentDefinition | undefined> {
    for await (const release of this.releases.possible(agent.role, principal)) {
      const member = new ResolvedAgents(new Map(release && [[agent.role, release]])).withRelease(agent);
      if (accessRefusal(principal, member) === undefined) return member;
    }
    return undefined;
  }

  #resolved(role: string, chosen: ChosenReleases): ResolvedAgent {
    const releases = new ResolvedAgents(chosen);
    return { agent: releases.withRelease(this.agents.get(role)), releases };
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

/** The columns with the agent of a run and its release; for a task also the releases of reachable agents. */
export function releaseColumns({ agent, releases }: ResolvedAgent, isTask: boolean) {
  const { [agent.role]: _, ...others } = releases.names();
  return {
    agent_role: agent.role,
    model: agent.model,
    agent_version: isTask ? (agent.version ?? null) : null,
    release: releases.releaseOf(agent.role),
    releases: isTask && Object.keys(others).length > 0 ? JSON.stringify(others) : null,
  };
}
