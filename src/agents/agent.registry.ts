import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, ModuleRef } from '@nestjs/core';
import { invalidField } from '../errors/agent.error.js';
import { isString } from '../json/json.object.js';
import { shapeFaults } from '../json/object.shape.js';
import type { AgentDefinition } from './agent.definition.js';
import { AGENT_SHAPE } from './agent.shapes.js';
import { AgentMetadata, type AgentOptions, type Instructor } from './agent.decorator.js';
import type { Guardrail } from './guardrail.js';
import { mcpFaults } from './mcp/mcp.options.js';
import { missingText, sentence, ToolReader } from './tool.reader.js';
import { schemaOf, type ValueSchema } from './schemas/value.schema.js';
import { AgentsModuleOptions } from './agents.options.js';

const DEFAULT_MAX_TURNS = 10;
const ROLE = /^[a-z0-9_-]{1,64}$/;

/** A provider with @Agent. */
interface DeclaredAgent {
  readonly name: string;
  readonly instance: object;
  readonly options: AgentOptions;
}

/** Discovers the agents among the application's providers at bootstrap. */
@Injectable()
export class AgentRegistry implements OnModuleInit {
  readonly #logger = new Logger(AgentRegistry.name);
  readonly #agents = new Map<string, AgentDefinition>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly tools: ToolReader,
    private readonly modules: ModuleRef,
    private readonly options: AgentsModuleOptions,
  ) {}

  /** @throws Error that lists every fault of every agent at once. */
  async onModuleInit(): Promise<void> {
    const declared = this.#declared();
    const roles = new Set(declared.map(({ options }) => options.role));
    const faults = this.#strayTools(declared);
    for (const agent of declared) faults.push(...(await this.#register(agent)), ...unknownRoles(agent, roles));
    if (faults.length > 0) throw new Error(`The agents are not valid:\n- ${faults.join('\n- ')}`);
    if (declared.length > 0) return;
    this.#logger.warn('The application has no agents. List a class with @Agent in the providers of a module.');
  }

  /** All agents, in the order of their declaration. */
  list(): readonly AgentDefinition[] {
    return [...this.#agents.values()];
  }

  /** @throws AgentError `validation_failed` if no agent has that role. */
  get(role: string): AgentDefinition {
    const agent = this.#agents.get(role);
    if (agent) return agent;
    const offered = [...this.#agents.keys()].join(', ');
    const hint = offered === '' ? 'The service has no agents.' : `Offered: ${offered}.`;
    throw invalidField('agent_role', `No agent "${role}". ${hint}`);
  }

  /** A class that several modules provide counts once. */
  #declared(): DeclaredAgent[] {
    const declared = new Map<unknown, DeclaredAgent>();
    // Scans all providers: a lookup by metadata returns them in the order of their creation.
    for (const wrapper of this.discovery.getProviders()) {
      if (!wrapper.metatype) continue;
      const options = this.discovery.getMetadataByDecorator(AgentMetadata, wrapper);
      const instance: unknown = wrapper.instance;
      if (options === undefined || typeof instance !== 'object' || instance === null) continue;
      declared.set(instance.constructor, { name: instance.constructor.name, instance, options });
    }
    return [...declared.values()];
  }

  /** Tools of classes that are not agents, and are not the parent of one. */
  #strayTools(agents: readonly DeclaredAgent[]): string[] {
    const wrappers = [...this.discovery.getProviders(), ...this.discovery.getControllers()];
    const instances = new Map<unknown, object>();
    for (const wrapper of wrappers) {
      const instance: unknown = wrapper.instance;
      if (!wrapper.metatype || typeof instance !== 'object' || instance === null) continue;
      instances.set(instance.constructor, instance);
    }
    return [...instances].flatMap(([type, instance]) => {
      const isAgent = agents.some((agent) => isInstanceOf(agent.instance, type));
      if (isAgent || Reflect.hasMetadata(AgentMetadata.KEY, instance.constructor)) return [];
      const keys = this.tools.declaredBy(instance).map(({ key }) => `"${key}"`);
      if (keys.length === 0) return [];
      const hint = 'add @Agent to the class, or move the method.';
      return [`${instance.constructor.name}: ${keys.join(', ')} has @Tool, but no agent offers it: ${hint}`];
    });
  }

  /** Registers the agent, or returns its faults. */
  async #register(declared: DeclaredAgent): Promise<string[]> {
    const { unknown, mistyped } = shapeFaults(declared.options, AGENT_SHAPE);
    const faults = [...unknown, ...mistyped].map(([option, rule]) => `its ${option}${rule}`);
    if (mistyped.length > 0) await this.tools.read(declared.instance, faults);
    else {
      const agent = await this.#define(declared, faults);
      if (faults.length === 0) this.#agents.set(agent.role, agent);
    }
    return faults.map((fault) => sentence(`${declared.name}: ${fault}`));
  }

  /** The agent, which cannot be used if it adds faults. */
  async #define(declared: DeclaredAgent, faults: string[]): Promise<AgentDefinition> {
    const { instance, options } = declared;
    const { role, description, temperature, model = this.options.defaultModel } = options;
    const { maxTurns = DEFAULT_MAX_TURNS, maxTokens = Infinity } = options.limits ?? {};
    if (!isString(role)) faults.push("its role is missing: write role: 'assistant', for example.");
    else if (!ROLE.test(role)) faults.push(`role "${role}" must be 1–64 of a–z 0–9 _ -.`);
    const missing = missingText(description);
    if (missing !== undefined) faults.push(`its description ${missing}.`);
    const { modelNames } = this.options;
    if (modelNames?.includes(model) === false) {
      faults.push(`no provider has its model "${model}"; offered: ${modelNames.join(', ')}.`);
    }
    if (temperature !== undefined && !(temperature >= 0 && temperature <= 2)) {
      faults.push('its temperature must be from 0 to 2.');
    }
    const instructions = instructionsOf(declared, faults);
    if (this.#agents.has(role)) faults.push(`role "${role}" is taken by another agent.`);
    const tools = await this.tools.read(instance, faults);
    const guardrails = this.#guardrails(options, faults);
    const output = await outputOf(options, faults);
    const limits = { maxTurns, maxTokens };
    faults.push(...limitFaults(limits));
    const { handoffs = [], agents = [], mcp = [], callerInstructions = 'append' } = options;
    faults.push(...mcpFaults(mcp));
    const { versions } = this.options;
    // A role may be named as a property of all objects.
    const version = Object.hasOwn(versions, role) ? versions[role] : undefined;
    const texts = { role, version, description, instructions, model, temperature };
    return { ...texts, tools, mcp, handoffs, agents, guardrails, output, limits, callerInstructions };
  }

  #guardrails({ guardrails = [] }: AgentOptions, faults: string[]): Guardrail[] {
    return guardrails.flatMap((type) => {
      try {
        return [this.modules.get(type, { strict: false })];
      } catch {
        faults.push(`its guardrail ${type.name} is not a provider.`);
        return [];
      }
    });
  }
}

/** The instructions as a function. Adds a fault if they are empty. */
function instructionsOf({ instance, options }: DeclaredAgent, faults: string[]): AgentDefinition['instructions'] {
  const { instructions } = options;
  if (instructions === undefined && isInstructor(instance)) return (context) => instance.instructions(context);
  if (!isString(instructions)) faults.push('its instructions are missing: write them, or a method `instructions`.');
  else if (!instructions.trim()) faults.push('its instructions are empty.');
  return () => instructions ?? '';
}

function* limitFaults({ maxTurns, maxTokens }: AgentDefinition['limits']): Iterable<string> {
  if (!isPositiveInteger(maxTurns)) yield `its limits.maxTurns must be a whole number from 1, not ${maxTurns}.`;
  if (maxTokens === Infinity || isPositiveInteger(maxTokens)) return;
  yield `its limits.maxTokens must be a whole number from 1, or Infinity, not ${maxTokens}.`;
}

function isPositiveInteger(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

function isInstructor(agent: object): agent is Instructor {
  return 'instructions' in agent && typeof agent.instructions === 'function';
}

function unknownRoles({ name, options }: DeclaredAgent, roles: ReadonlySet<string>): string[] {
  const { handoffs = [], agents = [] } = options;
  const unknown = [...handoffs, ...agents].filter((role) => !roles.has(role));
  return unknown.map((role) => `${name}: agent "${role}" does not exist: remove it from handoffs and agents.`);
}

/** The schema of the answers. Adds a fault if it cannot be used. */
async function outputOf({ output }: AgentOptions, faults: string[]): Promise<ValueSchema | undefined> {
  if (output === undefined) return undefined;
  try {
    return await schemaOf(output);
  } catch (error) {
    faults.push(`its output: ${error instanceof Error ? error.message : String(error)}.`);
    return undefined;
  }
}

function isInstanceOf(instance: object, type: unknown): boolean {
  return typeof type === 'function' && instance instanceof type;
}
