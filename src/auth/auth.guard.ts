import type { IncomingHttpHeaders } from 'node:http';
import { applyDecorators, type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiExtension } from '@nestjs/swagger';
import { AgentError } from '../errors/agent.error.js';
import { type Admission, admit } from './admission.js';
import { Authenticator } from './authenticator.js';
import { type AddressedRequest, callerAddress } from './caller.address.js';
import { FailedAttempts } from './failed.attempts.js';
import type { Scope } from './scopes.js';

const SCOPE = 'rookery:scope';

/** A request as Express and Fastify alike give it. */
interface Incoming extends AddressedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly raw?: object;
}

const admissions = new WeakMap<object, Admission>();

/** What a caller of the route, or of all routes of the controller, must be allowed. */
export function NeedsScope(scope: Scope): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(SCOPE, scope), ApiExtension('x-scope', scope));
}

/** Finds out who calls, and whether he may. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly reflector: Reflector,
    private readonly failedAttempts: FailedAttempts,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Incoming>();
    const { headers } = request;
    const credentials = { headers, address: callerAddress(request), protocols: protocolsOf(headers) };
    const admission = await admit(credentials, this.#scopeOf(context), {
      authenticator: this.authenticator,
      failedAttempts: this.failedAttempts,
    });
    admissions.set(request.raw ?? request, admission);
    return true;
  }

  #scopeOf(context: ExecutionContext): Scope {
    const scope: Scope | undefined = this.reflector.getAllAndOverride(SCOPE, [
      context.getHandler(),
      context.getClass(),
    ]);
    // A route that forgot to say is nobody's but the operator's.
    return scope ?? 'admin';
  }
}

/** Who was let in with the request. @throws AgentError where nobody was asked. */
export function admissionOf(request: Pick<Incoming, 'raw'>): Admission {
  const admission = admissions.get(request.raw ?? request);
  if (admission === undefined) throw new AgentError('unauthenticated');
  return admission;
}

/** The subprotocols that an upgrade asks for. Any other request has none. */
function protocolsOf({ upgrade, 'sec-websocket-protocol': asked }: IncomingHttpHeaders): string[] | undefined {
  if (upgrade?.toLowerCase() !== 'websocket') return undefined;
  // Not by a pattern for the blanks around commas: it takes quadratic time, and nobody knows the caller yet.
  return asked?.split(',').map((protocol) => protocol.trim());
}
