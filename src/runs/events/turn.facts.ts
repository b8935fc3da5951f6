import { Guardrail } from '../../agents/guardrail.js';
import type { ModelEvent, ModelReasoning, ModelReply } from '../../models/language.model.js';
import { WholeCharacters } from '../../models/whole.characters.js';
import type { AgentExecution } from '../loop/agent.execution.js';

/** Adds the fact that a part of the reasoning has ended. Its text is left out if guardrails check the answers. */
export function addReasoning(execution: AgentExecution, { text, ...rest }: ModelReasoning): void {
  const { run, turn, parent } = execution;
  if (parent !== undefined) return;
  const reasoning = { text: isChecked(execution) ? '' : text.toWellFormed(), ...rest };
  if (reasoning.text === '' && reasoning.providerData === undefined) return;
  run.add({ type: 'reasoning.completed', turn, reasoning });
}

/** Shows the reasoning of a turn as the model goes on. The caller must want a summary, and no guardrail may check answers. */
export class ShownReasoning {
  readonly #isShown: boolean;
  #text = new WholeCharacters();

  constructor(private readonly execution: AgentExecution) {
    const { parent, settings } = execution;
    this.#isShown = parent === undefined && settings?.reasoning_summary !== undefined && !isChecked(execution);
  }

  add({ text: piece, isFirst }: Extract<ModelEvent, { type: 'reasoning.delta' }>): void {
    if (!this.#isShown) return;
    const { run, turn } = this.execution;
    if (isFirst) this.#text = new WholeCharacters();
    const text = this.#text.add(piece);
    if (text === '' && !isFirst) return;
    run.show({ type: 'reasoning.delta', turn, text, ...(isFirst && { isFirst }) });
  }
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
