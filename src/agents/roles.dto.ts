import type { AgentDefinition } from './agent.definition.js';

/** An agent that the service offers. */
export class Role {
  /** @example 'assistant' */
  role: string;

  /** @example 'Answers everyday questions.' */
  description: string;

  /** @example 'gpt-4o' */
  model: string;

  /**
   * The names of its tools.
   * @example []
   */
  tools: string[];

  static from({ role, description }: AgentDefinition, model: string): Role {
    return { role, description, model, tools: [] };
  }
}

/** The agents that the service offers. */
export class RoleList {
  items: Role[];
}
