import { Inject, type InjectionToken } from '@nestjs/common';
import { RookeryClient } from '../rookery.client.js';

/** Returns the injection token of a client: the class, or a token for its name. For tests and factories. */
export function agentClientToken(name?: string): InjectionToken<RookeryClient> {
  return name === undefined ? RookeryClient : `RookeryClient:${name}`;
}

/**
 * Injects the client that is registered under this name.
 *
 * @example
 * constructor(@InjectAgentClient('billing') private readonly billing: RookeryClient) {}
 */
export function InjectAgentClient(name?: string): ParameterDecorator & PropertyDecorator {
  return Inject(agentClientToken(name));
}
