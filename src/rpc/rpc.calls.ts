import type { IncomingHttpHeaders } from 'node:http';
import { Logger } from '@nestjs/common';
import { SpanKind } from '@opentelemetry/api';
import { type AccessAudit, auditTenant } from '../auth/access.audit.js';
import { type AuthContext, authorize } from '../auth/auth.context.js';
import { Authenticator } from '../auth/authenticator.js';
import { AuthThrottle } from '../auth/auth.throttle.js';
import type { CallerFields, CallerNames } from '../auth/caller.names.js';
import { isOperator } from '../auth/principal.js';
import { requireScope, type Scope } from '../auth/scopes.js';
import { AgentError } from '../errors/agent.error.js';
import type { Caller } from '../http/caller.decorator.js';
import { requestIdsOf } from '../http/http.types.js';
import { RateLimiter } from '../http/throttling/rate.limiter.js';
import { logFailure } from '../http/failure.log.js';
import { isObject } from '../json/json.object.js';
import { ATTRIBUTE } from '../telemetry/semantic.names.js';
import { contextOf, OpenSpan, type SpanIds } from '../telemetry/spans.js';
import { addressOf } from './rpc.caller.js';
import { RpcFailure, rpcErrorOf } from './rpc.failure.js';
import { peekMetadata, readMessage } from './rpc.message.js';

/** A message before its caller is authenticated. */
export interface RpcRequest {
  readonly pattern: string;
  /** The scope that the caller needs. */
  readonly scope: Scope;
  /** The HTTP status of a successful answer. */
  readonly status: number;
  readonly payload: unknown;
  /** The context of the transport. */
  readonly context: unknown;
}

/** A message whose caller is authenticated and within its rate limit. */
export interface RpcCall extends Caller, Pick<AuthContext, 'onCredentialsExpired'> {
  /** The envelope, as HTTP headers. */
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  readonly context: unknown;
}

/** The outcome of a message, for a log. */
export interface RpcEnd extends Partial<SpanIds>, Partial<CallerFields> {
  /** The `request_id` of the message, or a new id. */
  readonly request_id: string;
  /** The network address of the caller; undefined if addresses are left out. */
  readonly address?: string | undefined;
  /** The message pattern, such as `agent.chat`. */
  readonly pattern: string;
  /** The HTTP status of the same answer, such as 200 or 429. */
  readonly status: number;
  /** Milliseconds from the message to its answer. */
  readonly duration_ms: number;
}

/** The parts that describe callers. */
export interface CallerParts {
  readonly names: CallerNames;
  readonly access: AccessAudit;
}

/** Cross-cutting concerns of every pattern: authentication, rate limits, errors, spans and logs. */
export class RpcCalls {
  readonly #logger = new Logger(RpcCalls.name);
  #open = 0;
  #onIdle: (() => void) | undefined;

  constructor(
    private readonly authenticator: Authenticator,
    private readonly authThrottle: AuthThrottle,
    private readonly limiter: RateLimiter,
    private readonly callers: () => CallerParts,
  ) {}

  /** @throws RpcFailure */
  async answer<T>(request: RpcRequest, work: (call: RpcCall) => Promise<T>, onEnd: (end: RpcEnd) => void): Promise<T> {
    const { pattern, payload } = request;
    const { requestId, trace } = peekMetadata(payload);
    const startedAt = performance.now();
    const address = this.callers().names.addressOf(addressOf(request.context));
    let caller: Partial<CallerFields> = {};
    const span = new OpenSpan({
      name: pattern,
      kind: SpanKind.SERVER,
      parent: contextOf(trace),
      attributes: { [ATTRIBUTE.rpcSystem]: 'nestjs', [ATTRIBUTE.rpcMethod]: pattern },
    });
    const end = (status: number): void => {
      const durationMs = Math.round((performance.now() - startedAt) * 10) / 10;
      span.note(() => ({ [ATTRIBUTE.rpcStatus]: String(status) }));
      if (status >= 500) span.failWith(String(status));
      else span.end();
      onEnd({ ...span.ids, request_id: requestId, ...caller, address, pattern, status, duration_ms: durationMs });
    };
    this.#open++;
    try {
      const answer = await span.within(() =>
        this.#execute(request, requestId, (call) => {
          caller = this.callers().names.fieldsOf(call.principal);
          return work(call);
        }),
      );
      end(request.status);
      return answer;
    } catch (failure) {
      const error = AgentError.from(failure);
      logFailure(this.#logger, failure, { ...span.ids, request_id: requestId, msg: 'a message failed' });
      end(error.status);
      throw new RpcFailure(rpcErrorOf(error, requestId));
    } finally {
      if (--this.#open === 0) this.#onIdle?.();
    }
  }

  /** Resolves when every message is answered. */
  idle(): Promise<void> {
    return this.#open === 0 ? Promise.resolve() : new Promise((resolve) => (this.#onIdle = resolve));
  }

  async #execute<T>(
    { pattern, scope, payload, context }: RpcRequest,
    requestId: string,
    work: (call: RpcCall) => Promise<T>,
  ): Promise<T> {
    const { headers, body } = readMessage(payload);
    const own = requestIdsOf({ headers });
    const ids = own.id === requestId ? own : { id: requestId, ownId: requestId };
    const { access } = this.callers();
    const { authenticator, authThrottle } = this;
    const authContext = await authorize({ headers, address: addressOf(context) }, { authenticator, authThrottle });
    const { principal } = authContext;
    await this.limiter.consume(principal);
    // Refused messages count too.
    const called = { principal, route: pattern, requestId: ids };
    if (scope === 'admin' && !isOperator(principal)) await access.denied(called);
    requireScope(principal, scope);
    if (isObject(body)) await auditTenant(access, called, body.tenant);
    return await work({ ...authContext, requestId, ids, headers, body, context });
  }
}
