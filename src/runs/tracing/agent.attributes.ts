import type { Attributes } from '@opentelemetry/api';
import type { AgentDefinition } from '../../agents/agent.definition.js';
import type { ModelTarget } from '../../models/language.model.js';
import { ATTRIBUTE, OPERATION } from '../../telemetry/semantic.names.js';
import type { Run } from '../run.js';

/** Span attributes of an agent that works in a run. */
export function agentAttributes(run: Run, agent: AgentDefinition, { provider, model }: ModelTarget): Attributes {
  return {
    [ATTRIBUTE.operation]: OPERATION.agent,
    [ATTRIBUTE.provider]: provider,
    [ATTRIBUTE.agent]: agent.role,
    [ATTRIBUTE.agentDescription]: agent.description,
    [ATTRIBUTE.agentVersion]: run.releases.releaseOf(agent.role),
    [ATTRIBUTE.conversation]: run.session.session_id,
    [ATTRIBUTE.requestModel]: model,
  };
}
