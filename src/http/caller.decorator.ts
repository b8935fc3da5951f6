import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { authContextOf } from '../auth/auth.guard.js';
import { unauthenticated } from '../auth/authenticator.js';
import type { Principal } from '../auth/principal.js';
import { AgentError } from '../errors/agent.error.js';
import { type HttpRequest, type HttpResponse, type RequestIds, requestIdsOf } from './http.types.js';

/** The principal of a request, and the request id. */
export interface Caller {
  readonly principal: Principal;
  readonly requestId: string;
  /** For the audit. */
  readonly ids: RequestIds;
}

/** A caller that waits for the answer. */
export interface AbortableCaller extends Caller {
  /** Aborts if the caller disconnects, or its credentials expire, before the answer ends. */
  readonly signal: AbortSignal;
}

/** Injects the Caller of a request. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller =>
  callerOf(context.switchToHttp().getRequest()),
);

/** Injects the AbortableCaller of a request. */
export const CurrentAbortableCaller = createParamDecorator((_: unknown, context: ExecutionContext): AbortableCaller => {
  const http = context.switchToHttp();
  return abortableCallerOf(http.getRequest(), http.getResponse());
});

export function abortableCallerOf(request: HttpRequest, response: HttpResponse): AbortableCaller {
  return { ...callerOf(request), signal: disconnectSignal(request, response) };
}

function callerOf(request: HttpRequest): Caller {
  const ids = requestIdsOf(request);
  return { principal: authContextOf(request).principal, requestId: ids.id, ids };
}

function disconnectSignal(request: HttpRequest, response: HttpResponse): AbortSignal {
  const controller = new AbortController();
  const raw = response.raw ?? response;
  // The caller disconnected during authentication; no further `close` event follows.
  if (raw.destroyed) {
    controller.abort(new AgentError('client_closed_request'));
    return controller.signal;
  }
  const end = authContextOf(request).onCredentialsExpired(() =>
    controller.abort(unauthenticated('The credentials have expired or were revoked.')),
  );
  raw.once('close', () => {
    end();
    if (!raw.writableFinished) controller.abort(new AgentError('client_closed_request'));
  });
  return controller.signal;
}
