import { Guardrail } from '../../agents/guardrail.js';
import type { ModelEvent, ModelReasoning, ModelReply } from '../../models/language.model.js';
import { WholeCharacters } from '../../models/whole.characters.js';
import type { AgentExecution } from '../loop/agent.execution.js';

/** Adds the fact that a part of the reasoning has ended, as it is shown. */
export function addReasoning(execution: AgentExecution, part: ModelReasoning): void {
  const { run, turn, parent } = execution;
  if (parent !== undefined) return;
  for (const reasoning of shownReasoning(execution, [part])) run.add({ type: 'reasoning.completed', turn, reasoning });
}

/** The parts as they are shown and stored. Their text is left out if guardrails check the answers. */
export function shownReasoning(execution: AgentExecution, parts: readonly ModelReasoning[] = []): ModelReasoning[] {
  if (parts.length === 0) return [];
  const isTextShown = !isChecked(execution);
  return parts
    .map(({ text, ...rest }) => ({ text: isTextShown ? text.toWellFormed() : '', ...rest }))
    .filter(({ text, providerData }) => text !== '' || providerData !== undefined);
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
