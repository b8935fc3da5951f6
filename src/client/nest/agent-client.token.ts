import { Inject, type InjectionToken } from '@nestjs/common';
import { RookeryClient } from '../rookery.client.js';

/**
 * Returns the injection token of a client: the class, or a token for its name. For tests and factories.
 *
 * @param name the `name` of the registration. Default: the client without a name.
 *
 * @example
 * import type { RookeryClient } from 'rookery/client';
 * import { agentClientToken } from 'rookery/client/nest';
 *
 * // A test replaces the client.
 * const useValue: Pick<RookeryClient, 'roles'> = { roles: async () => [] };
 * const fake = { provide: agentClientToken('billing'), useValue };
 */
export function agentClientToken(name?: string): InjectionToken<RookeryClient> {
  return name === undefined ? RookeryClient : `RookeryClient:${name}`;
}

/**
 * Injects the client that is registered under this name.
 *
 * @param name the `name` of the registration. Default: the client without a name.
 *
 * @example
 * import { Injectable } from '@nestjs/common';
 * import { RookeryClient } from 'rookery/client';
 * import { InjectAgentClient } from 'rookery/client/nest';
 *
 * \@Injectable()
 * export class Invoices {
 *   constructor(@InjectAgentClient('billing') private readonly agents: RookeryClient) {}
 * }
 */
export function InjectAgentClient(name?: string): ParameterDecorator & PropertyDecorator {
  return Inject(agentClientToken(name));
}
