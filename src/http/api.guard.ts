import { type ExecutionContext, Injectable } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '../auth/auth.guard.js';
import { AuthThrottle } from '../auth/auth.throttle.js';
import { Authenticator } from '../auth/authenticator.js';
import { ApiLifecycle } from './api.lifecycle.js';
import { type HttpResponse, requestIdOf } from './http.types.js';

/** Authenticates the caller. Before that, it sets the headers of the answer, so that a refusal has them too. */
@Injectable()
export class ApiGuard extends AuthGuard {
  constructor(
    authenticator: Authenticator,
    reflector: Reflector,
    authThrottle: AuthThrottle,
    private readonly lifecycle: ApiLifecycle,
  ) {
    super(authenticator, reflector, authThrottle);
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const response = http.getResponse<HttpResponse>();
    response.header('X-Request-Id', requestIdOf(http.getRequest()));
    const path: unknown = Reflect.getMetadata(PATH_METADATA, context.getClass());
    for (const [name, value] of this.lifecycle.headersFor(String(path))) response.header(name, value);
    return await super.canActivate(context);
  }
}
