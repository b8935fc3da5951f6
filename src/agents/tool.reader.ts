import { Injectable } from '@nestjs/common';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { ExternalContextCreator, MetadataScanner, Reflector } from '@nestjs/core';
import type { ToolDefinition } from './tool.definition.js';
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

/** A tool, or the fault of its declaration. */
export type ReadTool = { readonly tool: ToolDefinition } | { readonly fault: string };

/** Reads the tools of an agent from its methods. */
@Injectable()
export class ToolReader {
  readonly #reflector = new Reflector();

  constructor(
    private readonly scanner: MetadataScanner,
    private readonly contexts: ExternalContextCreator,
  ) {}

  read(agent: object): ReadTool[] {
    const prototype: unknown = Object.getPrototypeOf(agent);
    if (typeof prototype !== 'object' || prototype === null) return [];
    return this.scanner.getAllMethodNames(prototype).flatMap((key) => {
      const method: unknown = Reflect.get(agent, key);
      if (!isMethod(method)) return [];
      const options = this.#reflector.get<ToolOptions | undefined>(ToolMetadata.KEY, method);
      return options === undefined ? [] : [this.#tool(agent, key, method, options)];
    });
  }

  #tool(agent: object, key: string, method: Method, options: ToolOptions): ReadTool {
    const name = options.name ?? snakeCase(key);
    if (!NAME.test(name)) return { fault: `tool "${name}": its name must be 1–64 of A–Z a–z 0–9 _ -.` };
    if (!options.description.trim()) return { fault: `tool "${name}": its description is empty.` };
    try {
      const tool: ToolDefinition = {
        name,
        description: options.description,
        input: inputOf(agent, key, method, options),
        isIdempotent: options.idempotent ?? false,
        needsApproval: options.needsApproval ?? false,
        timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
        call: this.#runner(agent, key, method),
      };
      return { tool };
    } catch (error) {
      return { fault: `tool "${name}": ${error instanceof Error ? error.message : String(error)}.` };
    }
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
