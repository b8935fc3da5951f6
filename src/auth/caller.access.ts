import { AgentError } from '../errors/agent.error.js';
import type { Principal } from './principal.js';

/** The parts of an agent that the access depends on. */
interface RunnableAgent {
  readonly role: string;
  readonly model: string;
}

/** Why the caller may not run the agent; undefined if they may. */
export function accessRefusal(
  { access }: Pick<Principal, 'access'>,
  { role, model }: RunnableAgent,
): string | undefined {
  if (access?.agentRoles?.includes(role) === false) return `These credentials may not run the agent "${role}".`;
  if (access?.models?.includes(model) === false) {
    return `These credentials may not use the model of the agent "${role}".`;
  }
  return undefined;
}

/** @throws AgentError `forbidden` if the caller may not run the agent. */
export function assertAccess(principal: Pick<Principal, 'access'>, agent: RunnableAgent): void {
  const refusal = accessRefusal(principal, agent);
  if (refusal !== undefined) throw new AgentError('forbidden', { detail: refusal });
}
