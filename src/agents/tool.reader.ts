import { Injectable } from '@nestjs/common';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { ExternalContextCreator, MetadataScanner, Reflector } from '@nestjs/core';
import { AgentTools } from './agent.tools.js';
import { NO_RETRIES, type ToolDefinition } from './tool.definition.js';
import { ToolContext, ToolMetadata, type ToolOptions } from './tool.decorator.js';
import { schemaOfDto, schemaOfStandard, noValue, type ValueSchema } from './schemas/value.schema.js';

const NAME = /^[A-Za-z0-9_-]{1,64}$/;
const DEFAULT_TIMEOUT_MS = 10_000;

/** The context type that guards and interceptors see. */
const CONTEXT_TYPE = 'agent-tool';

/** Types of the method's parameters for Nest's pipes: the input is a body, and pipes ignore the context. */
const INPUT: number = RouteParamtypes.BODY;
const CONTEXT: number = RouteParamtypes.NEXT;
const PARAMETERS = 'rookery:tool-parameters';

type Method = (...args: unknown[]) => unknown;

/** Reads the tools of an agent from its methods. */
@Injectable()
export class ToolReader {
  readonly #reflector = new Reflector();

  constructor(
    private readonly scanner: MetadataScanner,
    private readonly contexts: ExternalContextCreator,
  ) {}

  /** The tools by name. Adds the faults of the others. */
  read(agent: object, faults: string[]): AgentTools {
    const tools = new AgentTools();
    for (const key of this.scanner.getAllMethodNames(Reflect.getPrototypeOf(agent))) {
      const method: unknown = Reflect.get(agent, key);
      if (!isMethod(method)) continue;
      const options = this.#reflector.get<ToolOptions | undefined>(ToolMetadata.KEY, method);
      if (options === undefined) continue;
      const { name = snakeCase(key) } = options;
      try {
        const tool = this.#tool(agent, key, method, { ...options, name });
        if (tools.has(name)) faults.push(`two of its tools have the name "${name}".`);
        else tools.set(name, tool);
      } catch (error) {
        faults.push(`tool "${name}": ${error instanceof Error ? error.message : String(error)}.`);
      }
    }
    return tools;
  }

  /** @throws Error that describes a fault of the declaration. */
  #tool(agent: object, key: string, method: Method, options: ToolOptions & { readonly name: string }): ToolDefinition {
    const { name, description, idempotent: isIdempotent = false, needsApproval = false } = options;
    if (!NAME.test(name)) throw new Error('its name must be 1–64 of A–Z a–z 0–9 _ -');
    if (!description.trim()) throw new Error('its description is empty');
    if (typeof needsApproval !== 'boolean' && needsApproval.by !== 'another') {
      throw new Error("needsApproval must be true, false or { by: 'another' }");
    }
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const input = inputOf(agent, key, method, options);
    const retry = retryOf(options);
    const call = this.#runner(agent, key, method);
    return { name, description, input, isIdempotent, needsApproval, timeoutMs, retry, call };
  }

  /** Wraps the method in the guards, interceptors and pipes that Nest finds on it. */
  #runner(agent: object, key: string, method: Method): (...args: unknown[]) => Promise<unknown> {
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

/** @throws Error that names the invalid option. */
function retryOf({ retry }: ToolOptions): ToolDefinition['retry'] {
  if (retry === undefined) return NO_RETRIES;
  const { most, initialMs = 1000, factor = 2 } = retry;
  if (!Number.isInteger(most) || most < 1 || most > 10)
    throw new Error('retry.most must be a whole number from 1 to 10');
  if (!(initialMs >= 0 && initialMs <= 3_600_000)) throw new Error('retry.initialMs must be from 0 to 3600000');
  if (!(factor >= 1 && factor <= 10)) throw new Error('retry.factor must be from 1 to 10');
  return { most, initialMs, factor };
}

function at(index: number): object {
  return { index, data: undefined, pipes: [] };
}

function isMethod(value: unknown): value is Method {
  return typeof value === 'function';
}

/** @throws Error if the first parameter has no schema. */
function inputOf(agent: object, key: string, method: Method, { input }: ToolOptions): ValueSchema {
  if (input) return schemaOfStandard(input);
  if (method.length === 0 || takesContextOnly(agent, key)) return noValue;
  const dto = firstParameterType(agent, key);
  const found = isClass(dto) ? schemaOfDto(dto) : undefined;
  if (!found) throw new Error('its first parameter has no schema: make it a class-validator DTO, or give `input`');
  return found;
}

function takesContextOnly(agent: object, key: string): boolean {
  return firstParameterType(agent, key) === ToolContext;
}

function firstParameterType(agent: object, key: string): unknown {
  const types: unknown = Reflect.getMetadata('design:paramtypes', agent, key);
  return Array.isArray(types) ? types[0] : undefined;
}

function isClass(value: unknown): value is new () => object {
  return typeof value === 'function';
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
