import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { authContextOf } from '../../auth/auth.guard.js';
import type { HttpRequest, HttpResponse } from '../http.types.js';
import { StreamLimiter } from '../throttling/stream.limiter.js';
import { prefersEvents } from './prefers.events.js';

/** Counts a response as a stream of its caller until it closes. */
@Injectable()
export class StreamGuard implements CanActivate {
  constructor(private readonly streams: StreamLimiter) {}

  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    const response = http.getResponse<HttpResponse>();
    const raw = response.raw ?? response;
    // A response that has closed already emits no further `close`.
    if (!raw.destroyed) raw.once('close', this.streams.open(authContextOf(http.getRequest()).principal));
    return true;
  }
}

/** The same for a route that answers with events only if the caller prefers them. */
@Injectable()
export class PreferredStreamGuard extends StreamGuard {
  override canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<HttpRequest>();
    return !prefersEvents(headers.accept) || super.canActivate(context);
  }
}
