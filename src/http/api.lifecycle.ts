import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { API_V2_PREFIX } from './api.prefixes.js';
import type { HttpResponse } from './http.exchange.js';

const V1 = 'api/v1/';

/** When a version of the API is no longer recommended, and when it ends. */
export interface ApiLifecycleOptions {
  readonly deprecatedAt?: Date | undefined;
  readonly sunsetAt?: Date | undefined;
}

/**
 * What every answer of version 1 says of its future: `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and where its
 * successor is. Nothing, as long as nothing is decided.
 */
export class ApiLifecycle {
  readonly isV1Deprecated: boolean;
  readonly #headers: readonly (readonly [string, string])[];

  constructor({ deprecatedAt, sunsetAt }: ApiLifecycleOptions) {
    this.isV1Deprecated = deprecatedAt !== undefined;
    this.#headers = [
      ...(deprecatedAt ? [['Deprecation', `@${Math.floor(deprecatedAt.getTime() / 1000)}`] as const] : []),
      ...(sunsetAt ? [['Sunset', sunsetAt.toUTCString()] as const] : []),
      ...(deprecatedAt || sunsetAt ? [['Link', `</${API_V2_PREFIX}/chat>; rel="successor-version"`] as const] : []),
    ];
  }

  /** The headers of an answer at that path. */
  headersFor(path: string): readonly (readonly [string, string])[] {
    return path.replace(/^\//, '').toLowerCase().startsWith(V1) ? this.#headers : [];
  }
}

/** Lets every request pass, and has its answer say what becomes of the route. */
@Injectable()
export class LifecycleGuard implements CanActivate {
  constructor(private readonly lifecycle: ApiLifecycle) {}

  canActivate(context: ExecutionContext): boolean {
    const path: unknown = Reflect.getMetadata(PATH_METADATA, context.getClass());
    const response = context.switchToHttp().getResponse<HttpResponse>();
    for (const [name, value] of this.lifecycle.headersFor(String(path))) response.header(name, value);
    return true;
  }
}
