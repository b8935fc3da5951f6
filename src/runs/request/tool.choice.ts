import type { AgentDefinition } from '../../agents/agent.definition.js';
import type { ModelTool } from '../../models/language.model.js';
import type { ModelControl, ModelToolChoice } from '../../models/model.controls.js';
import { delegationNames } from '../loop/agent.delegation.js';
import type { CallerSettings, ToolChoice } from './caller.settings.js';
import type { CallerTool } from './caller.tools.js';

const NO_PARAMETERS = { type: 'object', properties: {} };

/** The controls of a model that the settings need. */
export function controlFieldsOf(settings: CallerSettings): readonly ModelControl[] {
  const { tool_choice = 'auto', parallel_tool_calls, top_p, reasoning_effort } = settings;
  const controls = { tool_choice: tool_choice === 'auto' ? undefined : tool_choice, parallel_tool_calls, top_p };
  const given = { ...controls, reasoning_effort };
  const names: readonly ModelControl[] = ['tool_choice', 'parallel_tool_calls', 'top_p', 'reasoning_effort'];
  return names.filter((name) => given[name] !== undefined);
}

/** The names of the tools that a choice is about: those of the caller, else those of the agent. */
export function scopeOf({ tools = [] }: CallerSettings, agent: AgentDefinition): ReadonlySet<string> {
  return tools.length > 0 ? new Set(tools.map(({ name }) => name)) : ownNames(agent);
}

/** The names of the agent's own tools, and of those with which it reaches other agents. */
export function ownNames(agent: AgentDefinition): ReadonlySet<string> {
  return new Set([...agent.tools.keys(), ...delegationNames(agent)]);
}

/** The names in a choice; undefined: it names none. */
export function namesIn(choice: ToolChoice): readonly string[] | undefined {
  if (typeof choice === 'string') return undefined;
  return 'name' in choice ? [choice.name] : choice.allowed;
}

/** The tools of one model call, and whether it must call one. */
export interface OfferedTools {
  readonly tools: readonly ModelTool[];
  readonly choice?: ModelToolChoice;
}

/**
 * The tools of a model call: those of the agent, and those of the caller, among which the caller chooses. Without tools
 * of the caller, the choice is about those of the agent. A call that is required is required of the first turn only: the
 * model must be able to answer with the result.
 */
export function offer(
  own: readonly ModelTool[],
  { tools = [], tool_choice: choice = 'auto' }: CallerSettings,
  isFirstTurn: boolean,
): OfferedTools {
  const hasCallers = tools.length > 0;
  const names = new Set(tools.map(({ name }) => name));
  const scope = hasCallers ? tools.map(toModelTool) : own;
  // A tool of an MCP server that appeared later may have the name of the caller's.
  const others = hasCallers ? own.filter(({ name }) => !names.has(name)) : [];
  const all = [...others, ...scope];
  if (choice === 'auto') return { tools: all };
  if (choice === 'none') return others.length > 0 ? { tools: others } : { tools: scope, choice };
  const named = namesIn(choice);
  const chosen = named === undefined ? scope : scope.filter(({ name }) => named.includes(name));
  const isAllowList = typeof choice === 'object' && 'allowed' in choice;
  const isRequired = !isAllowList || choice.mode === 'required';
  if (!isFirstTurn || !isRequired) return { tools: isAllowList ? [...others, ...chosen] : all };
  return { tools: chosen, choice: typeof choice === 'object' && 'name' in choice ? { name: choice.name } : 'required' };
}

function toModelTool({ name, description = '', parameters = NO_PARAMETERS, strict = false }: CallerTool): ModelTool {
  return { name, description, parameters, isStrict: strict };
}
