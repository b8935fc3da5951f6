import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { invalidField } from '../errors/agent.error.js';
import type { AgentDefinition } from './agent.definition.js';
import { AgentMetadata, type AgentOptions } from './agent.decorator.js';

const ROLE = /^[a-z0-9_-]{1,64}$/;

/** The agents of this application, found among its providers at bootstrap. */
@Injectable()
export class AgentRegistry implements OnModuleInit {
  readonly #agents = new Map<string, AgentDefinition>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly defaultModel: string,
  ) {}

  /** @throws Error that lists every fault of every agent at once. */
  onModuleInit(): void {
    const declared = this.#declared();
    const faults = [...declared].flatMap(([name, options]) => this.#faultsOf(name, options));
    if (faults.length > 0) throw new Error(`The agents cannot be offered:\n- ${faults.join('\n- ')}`);
  }

  /** In the order in which they were declared. */
  list(): readonly AgentDefinition[] {
    return [...this.#agents.values()];
  }

  /** @throws AgentError `validation_failed` when no agent has that role. */
  get(role: string): AgentDefinition {
    const agent = this.#agents.get(role);
    if (agent) return agent;
    const offered = [...this.#agents.keys()].join(', ');
    throw invalidField('agent_role', `No agent "${role}". Offered: ${offered}.`);
  }

  /** Options by the name of their class; a class provided by several modules counts once. */
  #declared(): ReadonlyMap<string, AgentOptions> {
    const declared = new Map<object, [string, AgentOptions]>();
    for (const wrapper of this.discovery.getProviders({ metadataKey: AgentMetadata.KEY })) {
      const options = this.discovery.getMetadataByDecorator(AgentMetadata, wrapper);
      if (options && wrapper.metatype) declared.set(wrapper.metatype, [wrapper.metatype.name, options]);
    }
    return new Map(declared.values());
  }

  /** Registers the agent, or says what is wrong with it. */
  #faultsOf(name: string, options: AgentOptions): string[] {
    const { role, description, instructions, model = this.defaultModel } = options;
    const faults: string[] = [];
    if (!ROLE.test(role)) faults.push(`${name}: role "${role}" must be 1–64 of a–z 0–9 _ -.`);
    if (!description.trim()) faults.push(`${name}: its description is empty.`);
    if (!instructions.trim()) faults.push(`${name}: its instructions are empty.`);
    if (this.#agents.has(role)) faults.push(`${name}: role "${role}" is taken by another agent.`);
    if (faults.length === 0) this.#agents.set(role, { role, description, instructions, model });
    return faults;
  }
}
