import { Injectable } from '@nestjs/common';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { ExternalContextCreator, MetadataScanner, ModulesContainer, NestContainer, Reflector } from '@nestjs/core';
import { shapeFaults } from '../json/object.shape.js';
import { TOOL_SHAPE } from './agent.shapes.js';
import { AgentTools } from './agent.tools.js';
import { AgentsModuleOptions } from './agents.options.js';
import { CONTEXT_TYPE } from './tool.call.js';
import { NO_RETRIES, type ToolDefinition } from './tool.definition.js';
import { ToolContext, ToolMetadata, type ToolOptions } from './tool.decorator.js';
import { isClass, noValue, schemaOf, schemaOfDto, type ValueSchema } from './schemas/value.schema.js';

const NAME = /^[A-Za-z0-9_-]{1,64}$/;
const DEFAULT_TIMEOUT_MS = 10_000;
/** The longest delay that a timer accepts. */
const MAX_TIMER_MS = 2 ** 31 - 1;
const DEFAULT_RETRY = { initialMs: 1000, factor: 2 } as const;

/** Types of the method's parameters for Nest's pipes: the input is a body, and pipes ignore the context. */
const INPUT: number = RouteParamtypes.BODY;
const CONTEXT: number = RouteParamtypes.NEXT;
const PARAMETERS = 'rookery:tool-parameters';

type Method = (...args: unknown[]) => unknown;

/** A method with `@Tool`. */
interface DeclaredTool {
  readonly agent: object;
  readonly key: string;
  readonly method: Method;
  readonly name: string;
  readonly options: ToolOptions;
}

/** The modules of the application, without its global guards, interceptors and pipes. */
class ModulesAlone extends NestContainer {
  constructor(private readonly all: ModulesContainer) {
    super();
  }

  override getModules(): ModulesContainer {
    return this.all;
  }
}

/** Reads the tools of an agent from its methods. */
@Injectable()
export class ToolReader {
  readonly #reflector = new Reflector();

  constructor(
    private readonly scanner: MetadataScanner,
    private readonly contexts: ExternalContextCreator,
    modules: ModulesContainer,
    { globalEnhancersOnTools }: AgentsModuleOptions,
  ) {
    if (!globalEnhancersOnTools) this.contexts = ExternalContextCreator.fromContainer(new ModulesAlone(modules));
  }

  /** The tools by name. Adds all faults of the others. */
  async read(agent: object, faults: string[]): Promise<AgentTools> {
    const tools = new AgentTools();
    const names = new Set<string>();
    for (const declared of this.declaredBy(agent)) {
      const { name } = declared;
      const own = [...toolFaults(declared)];
      const input = await inputOf(declared, own);
      faults.push(...own.map((fault) => sentence(`tool "${name}": ${fault}`)));
      if (names.has(name)) faults.push(`two of its tools have the name "${name}".`);
      else if (own.length === 0) tools.set(name, this.#tool(declared, input));
      names.add(name);
    }
    return tools;
  }

  /** The methods with `@Tool`, also those of a parent class. */
  declaredBy(agent: object): DeclaredTool[] {
    return this.scanner.getAllMethodNames(Reflect.getPrototypeOf(agent)).flatMap((key): DeclaredTool[] => {
      const method: unknown = Reflect.get(agent, key);
      if (!isMethod(method)) return [];
      const options = this.#reflector.get<ToolOptions | undefined>(ToolMetadata.KEY, method);
      return options === undefined ? [] : [{ agent, key, method, name: options.name ?? snakeCase(key), options }];
    });
  }

  #tool(declared: DeclaredTool, input: ValueSchema): ToolDefinition {
    const { name, options } = declared;
    const { description, idempotent: isIdempotent = false, needsApproval = false } = options;
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const retry = options.retry ? { ...DEFAULT_RETRY, ...options.retry } : NO_RETRIES;
    const call = this.#runner(declared);
    return { name, description, input, isIdempotent, needsApproval, timeoutMs, retry, call };
  }

  /** Wraps the method in the guards, interceptors and pipes that Nest finds on it. */
  #runner({ agent, key, method }: DeclaredTool): (...args: unknown[]) => Promise<unknown> {
    const parameters = takesContextOnly(agent, key)
      ? { [`${CONTEXT}:0`]: at(0) }
      : { [`${INPUT}:0`]: at(0), [`${CONTEXT}:1`]: at(1) };
    Reflect.defineMetadata(PARAMETERS, parameters, agent.constructor, key);
    return this.contexts.create(
      agent,
      method,
      key,
      PARAMETERS,
      { exchangeKeyForValue: (type, _, args: readonly unknown[]) => args[type === INPUT ? 0 : 1] },
      undefined,
      undefined,
      { guards: true, interceptors: true, filters: false },
      CONTEXT_TYPE,
    );
  }
}

function* toolFaults({ name, options }: DeclaredTool): Iterable<string> {
  const { unknown, mistyped } = shapeFaults(options, TOOL_SHAPE);
  yield* [...unknown, ...mistyped].map(([option, rule]) => `its ${option}${rule}`);
  if (mistyped.length > 0) return;
  const { needsApproval = false, retry } = options;
  if (!NAME.test(name)) yield 'its name must be 1–64 of A–Z a–z 0–9 _ -';
  const missing = missingText(options.description);
  if (missing !== undefined) yield `its description ${missing}`;
  if (typeof needsApproval !== 'boolean' && needsApproval.by !== 'another') {
    yield "its needsApproval must be true, false or { by: 'another' }";
  }
  const { timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  if (!(timeoutMs >= 1 && timeoutMs <= MAX_TIMER_MS)) {
    yield `its timeoutMs must be from 1 to ${MAX_TIMER_MS}, not ${timeoutMs}`;
  }
  if (retry === undefined) return;
  const { most, initialMs, factor } = { ...DEFAULT_RETRY, ...retry };
  if (!Number.isInteger(most) || most < 1 || most > 10) yield 'its retry.most must be a whole number from 1 to 10';
  if (!(initialMs >= 0 && initialMs <= 3_600_000)) yield 'its retry.initialMs must be from 0 to 3600000';
  if (!(factor >= 1 && factor <= 10)) yield 'its retry.factor must be from 1 to 10';
}

/** Says what a required text lacks. Applications without types may give anything. */
export function missingText(text: unknown): string | undefined {
  if (typeof text !== 'string') return 'is missing';
  return text.trim() === '' ? 'is empty' : undefined;
}

/** Ends a message with a period, unless it is a question. */
export function sentence(text: string): string {
  return /[.?]$/.test(text) ? text : `${text}.`;
}

function at(index: number): object {
  return { index, data: undefined, pipes: [] };
}

function isMethod(value: unknown): value is Method {
  return typeof value === 'function';
}

/** The schema of the input. Adds a fault if it cannot be used. */
async function inputOf({ agent, key, method, options }: DeclaredTool, faults: string[]): Promise<ValueSchema> {
  try {
    if (options.input !== undefined) return await schemaOf(options.input);
    if (method.length === 0 || takesContextOnly(agent, key)) return noValue;
    const dto = firstParameterType(agent, key);
    const found = isClass(dto) ? schemaOfDto(dto) : undefined;
    if (found) return found;
    faults.push('its first parameter has no schema: make it a class-validator DTO, or give `input`');
  } catch (error) {
    faults.push(error instanceof Error ? error.message : String(error));
  }
  return noValue;
}

function takesContextOnly(agent: object, key: string): boolean {
  return firstParameterType(agent, key) === ToolContext;
}

function firstParameterType(agent: object, key: string): unknown {
  const types: unknown = Reflect.getMetadata('design:paramtypes', agent, key);
  return Array.isArray(types) ? types[0] : undefined;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
