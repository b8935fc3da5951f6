import { RequestScope } from '../../async/request.scope.js';
import { AgentError } from '../../errors/agent.error.js';

/** Ends the work at the deadline, unless its commit has begun. @throws AgentError with the code. */
export function beforeDeadline<T>(
  deadlineAt: number,
  work: (timeoutMs: number) => Promise<T>,
  code: 'agent_timeout' | 'session_busy' = 'agent_timeout',
): Promise<T> {
  const timeoutMs = Math.max(1, deadlineAt - performance.now());
  return RequestScope.run({ timeoutMs, reason: () => new AgentError(code) }, () => work(timeoutMs));
}
