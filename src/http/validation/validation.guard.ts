import { type ArgumentMetadata, type CanActivate, type ExecutionContext, Injectable, type Type } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { ApplicationConfig } from '@nestjs/core';
import { isObject } from '../../json/json.object.js';
import type { HttpRequest } from '../http.types.js';
import { RequestPipe } from './validation.pipe.js';

const PARTS = new Map([
  [RouteParamtypes.BODY, { part: 'body' as const, type: 'body' as const }],
  [RouteParamtypes.QUERY, { part: 'query' as const, type: 'query' as const }],
  [RouteParamtypes.PARAM, { part: 'params' as const, type: 'param' as const }],
]);

/** A part of the request that a handler receives as a DTO. */
interface BoundParameter {
  readonly part: 'body' | 'query' | 'params';
  readonly metadata: ArgumentMetadata;
}

/**
 * Validates a request against the DTOs of its handler before the global pipes of the host run. Those run before our
 * pipe and would reject with their own error format.
 */
@Injectable()
export class ValidationGuard implements CanActivate {
  readonly #pipe = new RequestPipe();
  readonly #parameters = new WeakMap<Function, readonly BoundParameter[]>();

  constructor(private readonly config: ApplicationConfig) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (!this.#hasHostPipes()) return true;
    const request = context.switchToHttp().getRequest<HttpRequest>();
    for (const { part, metadata } of this.#parametersOf(context)) {
      await this.#pipe.transform(request[part], metadata);
    }
    return true;
  }

  #hasHostPipes(): boolean {
    return this.config.getGlobalPipes().length > 0 || this.config.getGlobalRequestPipes().length > 0;
  }

  #parametersOf(context: ExecutionContext): readonly BoundParameter[] {
    const handler = context.getHandler();
    const cached = this.#parameters.get(handler);
    if (cached !== undefined) return cached;
    const parameters = readParameters(context.getClass(), handler.name);
    this.#parameters.set(handler, parameters);
    return parameters;
  }
}

function readParameters(controller: { readonly prototype: object }, name: string): BoundParameter[] {
  const parameters: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name);
  const types: unknown = Reflect.getMetadata('design:paramtypes', controller.prototype, name);
  if (!isObject(parameters) || !Array.isArray(types)) return [];
  const classes: unknown[] = types;
  return Object.entries(parameters).flatMap(([key, parameter]) => {
    const [kind, index = 0] = key.split(':').map(Number);
    const found = kind === undefined ? undefined : PARTS.get(kind);
    const metatype = classes[index];
    if (found === undefined || !isObject(parameter) || parameter.data !== undefined) return [];
    return [{ part: found.part, metadata: { type: found.type, metatype: isClass(metatype) ? metatype : undefined } }];
  });
}

function isClass(value: unknown): value is Type {
  return typeof value === 'function';
}
