import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { type HttpRequest, type HttpResponse, requestIdOf } from './http.types.js';

/** Lets every request pass and returns its id in the `X-Request-Id` header. */
export class RequestIdGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    http.getResponse<HttpResponse>().header('X-Request-Id', requestIdOf(http.getRequest<HttpRequest>()));
    return true;
  }
}
