import { Inject, type InjectionToken } from '@nestjs/common';
import { RookeryClient } from '../rookery.client.js';

/** What a client is provided under: the class itself, or the name that it was registered with. For tests and factories. */
export function agentClientToken(name?: string): InjectionToken<RookeryClient> {
  return name === undefined ? RookeryClient : `RookeryClient:${name}`;
}

/**
 * Injects the client that was registered under that name.
 *
 * @example
 * constructor(@InjectAgentClient('billing') private readonly billing: RookeryClient) {}
 */
export function InjectAgentClient(name?: string): ParameterDecorator & PropertyDecorator {
  return Inject(agentClientToken(name));
}
