import type { AgentDefinition } from '../../agents/agent.definition.js';
import type { ModelTool } from '../../models/language.model.js';
import type { ModelControl, ModelToolChoice } from '../../models/model.controls.js';
import { delegationNames } from '../loop/agent.delegation.js';
import type { CallerSettings, ToolChoice } from './caller.settings.js';

/** The controls of a model that the settings need. */
export function controlFieldsOf(settings: CallerSettings): readonly ModelControl[] {
  const { tool_choice = 'auto', parallel_tool_calls, top_p, reasoning_effort } = settings;
  const controls = { tool_choice: tool_choice === 'auto' ? undefined : tool_choice, parallel_tool_calls, top_p };
  const given = { ...controls, reasoning_effort };
  const names: readonly ModelControl[] = ['tool_choice', 'parallel_tool_calls', 'top_p', 'reasoning_effort'];
  return names.filter((name) => given[name] !== undefined);
}

/** The names of the tools that a choice is about. */
export function scopeOf(agent: AgentDefinition): ReadonlySet<string> {
  return new Set([...agent.tools.keys(), ...delegationNames(agent)]);
}

/** The names in a choice; undefined: it names none. */
export function offeredNames(choice: ToolChoice): readonly string[] | undefined {
  if (typeof choice === 'string') return undefined;
  return 'name' in choice ? [choice.name] : choice.allowed;
}

/** The tools of one model call, and whether it must call one. */
export interface OfferedTools {
  readonly tools: readonly ModelTool[];
  readonly choice?: ModelToolChoice;
}

/**
 * Applies the choice of the caller to the tools of a model call. A call that is required is required of the first turn
 * only: the model must be able to answer with the result.
 */
export function offer(
  tools: readonly ModelTool[],
  { tool_choice: choice = 'auto' }: CallerSettings,
  isFirstTurn: boolean,
): OfferedTools {
  if (choice === 'auto') return { tools };
  if (choice === 'none') return { tools, choice };
  if (choice === 'required') return isFirstTurn ? { tools, choice } : { tools };
  if ('name' in choice) {
    if (!isFirstTurn) return { tools };
    return { tools: tools.filter(({ name }) => name === choice.name), choice: { name: choice.name } };
  }
  const allowed = tools.filter(({ name }) => choice.allowed.includes(name));
  return choice.mode === 'required' && isFirstTurn ? { tools: allowed, choice: 'required' } : { tools: allowed };
}
