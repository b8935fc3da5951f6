import type { IncomingHttpHeaders } from 'node:http';
import { applyDecorators, type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiExtension } from '@nestjs/swagger';
import { AgentError } from '../errors/agent.error.js';
import { type AuthContext, authorize } from './auth.context.js';
import { Authenticator } from './authenticator.js';
import { type AddressedRequest, callerAddress } from './caller.address.js';
import { AuthThrottle } from './auth.throttle.js';
import { isOperator, type Principal } from './principal.js';
import { requireScope, type Scope } from './scopes.js';

const DeclaredScope = Reflector.createDecorator<Scopes>();

/** The scopes of a route, any of which its callers need. */
type Scopes = readonly [Scope, ...Scope[]];

/** The common part of requests in Express and Fastify. */
interface Incoming extends AddressedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly raw?: object;
}

const authContexts = new WeakMap<object, AuthContext>();

/** Requires a scope, or one of its alternatives, for the route or for all routes of the controller. */
export function RequireScope(scope: Scope, ...alternatives: readonly Scope[]): MethodDecorator & ClassDecorator {
  return applyDecorators(DeclaredScope([scope, ...alternatives]), ApiExtension('x-scope', scope));
}

/** Authenticates the caller and checks the scope of the route. */
@Injectable()
export class AuthGuard implements CanActivate {
  /** By handler. Reading them from the metadata costs each request. */
  readonly #scopes = new WeakMap<object, { readonly controller: object; readonly scopes: Scopes }>();

  constructor(
    private readonly authenticator: Authenticator,
    private readonly reflector: Reflector,
    private readonly authThrottle: AuthThrottle,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Incoming>();
    const { headers } = request;
    const credentials = { headers, address: callerAddress(request), protocols: protocolsOf(headers) };
    const { authenticator, authThrottle } = this;
    const authContext = await authorize(credentials, { authenticator, authThrottle });
    authContexts.set(request.raw ?? request, authContext);
    await this.checkScope(context, authContext.principal);
    return true;
  }

  /** Called if an authenticated caller lacks the scope of an operator. */
  protected onDenied(_principal: Principal, _context: ExecutionContext): Promise<void> {
    return Promise.resolve();
  }

  /** @throws AgentError `forbidden` if the caller lacks the scope of the route. */
  protected async checkScope(context: ExecutionContext, principal: Principal): Promise<void> {
    const [scope, ...alternatives] = this.#scopesOf(context);
    if (scope === 'admin' && !isOperator(principal)) await this.onDenied(principal, context);
    requireScope(principal, scope, alternatives);
  }

  #scopesOf(context: ExecutionContext): Scopes {
    const [handler, controller] = [context.getHandler(), context.getClass()];
    const known = this.#scopes.get(handler);
    if (known?.controller === controller) return known.scopes;
    // Only the operator may call a route without a declared scope.
    const scopes = this.reflector.getAllAndOverride(DeclaredScope, [handler, controller]) ?? (['admin'] as const);
    this.#scopes.set(handler, { controller, scopes });
    return scopes;
  }
}

/** The authenticated caller of the request. @throws AgentError if the guard did not run. */
export function authContextOf(request: Pick<Incoming, 'raw'>): AuthContext {
  const context = authContexts.get(request.raw ?? request);
  if (context === undefined) throw new AgentError('unauthenticated');
  return context;
}

/**
 * The authenticated caller of a request to a route of `AgentModule`; undefined before its authentication.
 *
 * @example
 * import type { IncomingMessage } from 'node:http';
 * import { principalOf } from 'rookery';
 *
 * function describe(request: IncomingMessage) {
 *   return `${request.url} of ${principalOf(request)?.id ?? 'nobody'}`;
 * }
 */
export function principalOf(request: object & { readonly raw?: object | undefined }): Principal | undefined {
  return authContexts.get(request.raw ?? request)?.principal;
}

/** The subprotocols of a WebSocket upgrade. Any other request has none. */
export function protocolsOf({ upgrade, 'sec-websocket-protocol': header }: IncomingHttpHeaders): string[] | undefined {
  if (upgrade?.toLowerCase() !== 'websocket') return undefined;
  // A pattern for blanks around commas would take quadratic time, and the caller is not authenticated yet.
  return header?.split(',').map((protocol) => protocol.trim());
}
