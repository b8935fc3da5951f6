import type { AgentDefinition } from '../../agents/agent.definition.js';
import { AgentError } from '../../errors/agent.error.js';
import type { Transcript } from './transcript.js';

/** An agent at work, the agents before it, and the agent that has asked it. */
interface LimitedAgent {
  readonly handoffChain: readonly AgentDefinition[];
  readonly transcript: Transcript;
  readonly parent?: LimitedAgent;
}

/** @throws AgentError if the agent has used its last turn. */
export function assertTurnsLeft({ limits }: AgentDefinition, turn: number): void {
  if (turn < limits.maxTurns) return;
  throw new AgentError('model_error', {
    detail: `The agent did not finish within ${limits.maxTurns} turns.`,
  });
}

/**
 * The token limit of an agent also covers its successors and the agents that it asks.
 *
 * @throws AgentError if a limit is exceeded.
 */
export function assertTokensLeft({ handoffChain, transcript, parent }: LimitedAgent): void {
  const { inputTokens, outputTokens } = transcript.usage;
  const maxTokens = Math.min(...handoffChain.map(({ limits }) => limits.maxTokens));
  if (inputTokens + outputTokens > maxTokens) {
    throw new AgentError('model_error', { detail: `The agent used more than its limit of ${maxTokens} tokens.` });
  }
  if (parent) assertTokensLeft(parent);
}
