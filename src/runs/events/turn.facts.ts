import { Guardrail } from '../../agents/guardrail.js';
import type { ModelReasoning, ModelReply } from '../../models/language.model.js';
import type { AgentExecution } from '../loop/agent.execution.js';

/** Adds the fact that a part of the reasoning has ended. Its text is left out if guardrails check the answers. */
export function addReasoning(execution: AgentExecution, { text, ...rest }: ModelReasoning): void {
  const { run, turn, parent } = execution;
  if (parent !== undefined) return;
  const reasoning = { text: isChecked(execution) ? '' : text.toWellFormed(), ...rest };
  if (reasoning.text === '' && reasoning.providerData === undefined) return;
  run.add({ type: 'reasoning.completed', turn, reasoning });
}

/** Adds the fact that a turn has ended. No other event tells what an earlier attempt has completed. */
export function addTurn(execution: AgentExecution, reply: ModelReply, isRestored: boolean): void {
  const { run, turn, parent } = execution;
  if (parent !== undefined) return;
  const { text, toolCalls = [], reasoning = [] } = reply;
  if (isRestored) for (const part of reasoning) addReasoning(execution, part);
  const calls = toolCalls.length;
  run.add({ type: 'turn.completed', turn, calls, ...(isRestored ? { text } : {}) });
}

/** Guardrails check answers, not thoughts. */
function isChecked({ run, agent }: AgentExecution): boolean {
  return [agent, run.agent].some(({ guardrails }) => guardrails.some(checksOutput));
}

function checksOutput(guardrail: Guardrail): boolean {
  return Reflect.get(guardrail, 'checkOutput') !== Reflect.get(Guardrail.prototype, 'checkOutput');
}
