import type { AgentDefinition } from '../../agents/agent.definition.js';
import type { LanguageModel } from '../../models/language.model.js';
import type { RunEventPayload } from './run.events.js';

/** The first event of a run. */
export function startOf(
  sessionId: string,
  { role, model }: AgentDefinition,
  models: Pick<LanguageModel, 'nameFor'>,
): RunEventPayload {
  return { type: 'run.started', session_id: sessionId, agent_role: role, model: models.nameFor(model) };
}
