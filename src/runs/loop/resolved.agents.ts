import type { AgentDefinition } from '../../agents/agent.definition.js';
import { CODE_RELEASE, type ChosenReleases, type Release } from '../../releases/release.js';

/** The agents of one run, each in its chosen release. */
export class ResolvedAgents {
  readonly #members = new Map<string, AgentDefinition>();

  constructor(private readonly chosen: ChosenReleases) {}

  /** The agent in its release. Always returns the same object. */
  withRelease(agent: AgentDefinition): AgentDefinition {
    const known = this.#members.get(agent.role);
    if (known) return known;
    const release = this.chosen.get(agent.role);
    const member = release === undefined ? agent : released(agent, release);
    this.#members.set(agent.role, member);
    return member;
  }

  /** The name of the release, or `code`. */
  releaseOf(role: string): string {
    return this.chosen.get(role)?.name ?? CODE_RELEASE;
  }

  /** Names of releases by role, without agents as coded. */
  names(): Record<string, string> {
    return Object.fromEntries(Array.from(this.chosen, ([role, { name }]) => [role, name]));
  }
}

function released(agent: AgentDefinition, release: Release): AgentDefinition {
  const { instructions, model = agent.model, temperature = agent.temperature, maxTurns } = release;
  return {
    ...agent,
    ...(instructions === undefined ? {} : { instructions: () => instructions }),
    model,
    temperature,
    limits: { ...agent.limits, maxTurns: maxTurns ?? agent.limits.maxTurns },
  };
}
