import type { AgentError } from '../errors/agent.error.js';

/**
 * Counts failed authentications by network address. `AgentModule` provides it with the limit `authFailureLimit`. Inject
 * it if your own routes use `Authenticator`, and pass it to `authenticateCaller`. All replicas with one Redis count together.
 *
 * @example
 * import type { IncomingMessage } from 'node:http';
 * import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
 * import { authenticateCaller, Authenticator, AuthThrottle, callerAddress } from 'rookery';
 *
 * \@Injectable()
 * export class CredentialsGuard implements CanActivate {
 *   constructor(
 *     private readonly authenticator: Authenticator,
 *     private readonly authThrottle: AuthThrottle,
 *   ) {}
 *
 *   async canActivate(context: ExecutionContext) {
 *     const request = context.switchToHttp().getRequest<IncomingMessage>();
 *     const { authenticator, authThrottle } = this;
 *     const credentials = { headers: request.headers, address: callerAddress(request) };
 *     await authenticateCaller(credentials, { authenticator, authThrottle });
 *     return true;
 *   }
 * }
 */
export abstract class AuthThrottle {
  /**
   * Counts one failure.
   *
   * @param failure the error of the `Authenticator`. Metrics, the log and the audit then have its reason.
   * @param credential the refused key or token, if `refuseKnown` should refuse it later.
   * @throws AgentError `rate_limited` if the address has too many.
   */
  abstract add(address: string, failure?: AgentError, credential?: string): Promise<void>;

  /**
   * Refuses a credential that was refused before, without verifying it again, while its address has too many failures.
   * Default: refuses none.
   *
   * @param credentialOf returns the key or token of the request; undefined if it has none.
   * @throws AgentError `rate_limited`
   */
  refuseKnown(_address: string, _credentialOf: () => string | undefined): void {}
}
