import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { anonymous, type Principal } from '../auth/principal.js';
import { AgentError } from '../errors/agent.error.js';
import { type HttpRequest, type HttpResponse, requestIdOf } from './http.exchange.js';

/** Who asks, and under which request id. */
export interface Caller {
  readonly principal: Principal;
  readonly requestId: string;
}

/** A caller that waits for the answer. */
export interface WaitingCaller extends Caller {
  /** Aborts with `client_closed_request` when the caller leaves before the answer ended. */
  readonly signal: AbortSignal;
}

/** Injects the Caller of a request. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller =>
  callerOf(context.switchToHttp().getRequest()),
);

/** Injects the WaitingCaller of a request. */
export const Waiting = createParamDecorator((_: unknown, context: ExecutionContext): WaitingCaller => {
  const http = context.switchToHttp();
  return waitingCallerOf(http.getRequest(), http.getResponse());
});

export function waitingCallerOf(request: HttpRequest, response: HttpResponse): WaitingCaller {
  return { ...callerOf(request), signal: leavingSignal(response) };
}

export function callerOf(request: HttpRequest): Caller {
  return { principal: anonymous(request.ip ?? 'unknown'), requestId: requestIdOf(request) };
}

function leavingSignal(response: HttpResponse): AbortSignal {
  const controller = new AbortController();
  const raw = response.raw ?? response;
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort(new AgentError('client_closed_request'));
  });
  return controller.signal;
}
