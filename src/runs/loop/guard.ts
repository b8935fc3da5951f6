import type { Guardrail } from '../../agents/guardrail.js';
import { AgentError } from '../../errors/agent.error.js';
import { raceAbort } from '../../async/abortable.js';
import type { ActiveAgent } from '../run.js';

/** @throws AgentError `guardrail_tripped` with the message of the first guardrail that refuses. */
export async function guard({ run, agent }: ActiveAgent, moment: keyof Guardrail, text: string): Promise<void> {
  // The input of a run may be results alone.
  if (text === '' && moment === 'checkInput') return;
  const { context, session, signal } = run;
  const guarded = { text, role: agent.role, principal: context.principal, sessionId: session.session_id, signal };
  for (const guardrail of agent.guardrails) {
    const detail = await raceAbort(guardrail[moment](guarded), signal);
    if (detail !== undefined) throw new AgentError('guardrail_tripped', { detail });
  }
}
