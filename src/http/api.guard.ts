import { type ExecutionContext, Injectable } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { Reflector } from '@nestjs/core';
import { type Access, AccessAudit, auditTenant } from '../auth/access.audit.js';
import { AuthGuard, authContextOf } from '../auth/auth.guard.js';
import { AuthThrottle } from '../auth/auth.throttle.js';
import { Authenticator } from '../auth/authenticator.js';
import type { Principal } from '../auth/principal.js';
import { isObject } from '../json/json.object.js';
import { ApiLifecycle } from './api.lifecycle.js';
import { ADMIN_PREFIX } from './api.prefixes.js';
import { type HttpRequest, type HttpResponse, requestIdOf, requestIdsOf } from './http.types.js';
import { RateLimiter } from './throttling/rate.limiter.js';

/** Authenticates the caller. Before that, it sets the headers of the answer, so that a refusal has them too. */
@Injectable()
export class ApiGuard extends AuthGuard {
  constructor(
    authenticator: Authenticator,
    reflector: Reflector,
    authThrottle: AuthThrottle,
    private readonly lifecycle: ApiLifecycle,
    private readonly access: AccessAudit,
    private readonly limiter: RateLimiter,
  ) {
    super(authenticator, reflector, authThrottle);
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const response = http.getResponse<HttpResponse>();
    response.header('X-Request-Id', requestIdOf(http.getRequest()));
    const path: unknown = Reflect.getMetadata(PATH_METADATA, context.getClass());
    for (const [name, value] of this.lifecycle.headersFor(String(path))) response.header(name, value);
    await super.canActivate(context);
    const { query } = http.getRequest<HttpRequest>();
    // The operator's own routes have entries of their own.
    if (!isObject(query) || query.tenant === undefined || String(path) === ADMIN_PREFIX) return true;
    const { principal } = authContextOf(http.getRequest<HttpRequest>());
    await auditTenant(this.access, { principal, ...accessIn(context) }, query.tenant);
    return true;
  }

  protected override onDenied(principal: Principal, context: ExecutionContext): Promise<void> {
    return this.access.denied({ principal, ...accessIn(context) });
  }

  /** Counts a refusal as a request: the guard of the rate limit does not see it. */
  protected override async checkScope(context: ExecutionContext, principal: Principal): Promise<void> {
    try {
      await super.checkScope(context, principal);
    } catch (refusal) {
      await this.limiter.consume(principal);
      throw refusal;
    }
  }
}

/** The route of a request, as its template, and its ids. */
function accessIn(context: ExecutionContext): Omit<Access, 'principal'> {
  const request = context.switchToHttp().getRequest<HttpRequest & { readonly method: string }>();
  const [prefix, path] = [context.getClass(), context.getHandler()].map((each) =>
    String(Reflect.getMetadata(PATH_METADATA, each)),
  );
  return { route: `${request.method} /${prefix}/${path}`, requestId: requestIdsOf(request) };
}
