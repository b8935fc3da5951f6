import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { ApiLifecycle } from './api.lifecycle.js';
import { ADMIN_PREFIX, API_PREFIX, API_V2_PREFIX } from './api.prefixes.js';
import { type HttpRequest, type HttpResponse, requestIdOf } from './http.types.js';

const OWN_ROUTE = new RegExp(`^/(?:${API_PREFIX}|${API_V2_PREFIX}|${ADMIN_PREFIX})/`);

/** Sets the headers of every answer. `ErrorFilter` sets them if a guard refuses the request first. */
@Injectable()
export class ResponseHeadersInterceptor implements NestInterceptor {
  constructor(private readonly lifecycle: ApiLifecycle) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    setHeaders(http.getRequest(), http.getResponse(), this.lifecycle);
    return next.handle();
  }
}

/** Sets the request id, and the lifecycle headers of the route. */
export function setHeaders(request: HttpRequest, response: HttpResponse, lifecycle: ApiLifecycle | undefined): void {
  response.header('X-Request-Id', requestIdOf(request));
  // The route, because a path has many spellings.
  const route = request.routeOptions?.url ?? request.route?.path;
  // `ErrorFilter` also answers routes of the host.
  if (lifecycle === undefined || typeof route !== 'string' || !OWN_ROUTE.test(route)) return;
  for (const [name, value] of lifecycle.headersFor(route)) response.header(name, value);
}
