import { Injectable } from '@nestjs/common';
import { accessRefusal } from '../../auth/caller.access.js';
import type { AgentDefinition } from '../../agents/agent.definition.js';
import { AgentError } from '../../errors/agent.error.js';
import type { ModelUsage } from '../../models/language.model.js';
import { ERROR_PREFIX } from '../../models/tool.result.js';
import { Switches } from '../../switches/switches.js';
import { RunInterrupted } from '../events/event.writer.js';
import type { ActiveAgent, Run } from '../run.js';
import type { DelegateAgent } from './agent.delegation.js';
import { type NumberedCall, recordCall } from './tools/tool.invoker.js';

/** An agent at work, and the agent that has asked it. */
interface AgentAtWork extends ActiveAgent {
  readonly parent?: AgentAtWork;
}

/** The agent that was asked was stopped while it worked. The agent that asked goes on. */
export class AgentStopped extends Error {
  override readonly name = 'AgentStopped';
}

/** The operator has stopped the agent that leads the task, or its tenant. The task waits until the operator releases it. */
export class RunStopped extends RunInterrupted {
  override readonly name = 'RunStopped';
}

/** Applies the switches of the operator, and the access of the caller, to the agents of a run. */
@Injectable()
export class AgentStops {
  constructor(private readonly switches: Switches) {}

  /**
   * Ends a run between two steps if its tenant, or the agent that leads it, is stopped. A task goes on later.
   *
   * @throws AgentStopped if only the agent that was asked is stopped.
   */
  assertRunning(execution: AgentAtWork): void {
    const { run, agent, parent } = execution;
    const { tenant } = run.session;
    const refusal = this.switches.refusalOfRun({ tenant, agent_role: leaderOf(execution).role });
    if (refusal !== undefined) {
      if (run.context.kind === 'task') throw new RunStopped(refusal);
      throw new AgentError('run_cancelled', { detail: refusal });
    }
    const own = parent && this.switches.refusalOf('role', agent.role);
    if (own !== undefined) throw new AgentStopped(own);
  }

  /**
   * The result of a call whose agent is stopped, or that the caller may not run; undefined if the call is made. It is stored, so that another attempt
   * does not make the call.
   */
  async refuseDelegation(
    run: Run,
    numbered: NumberedCall,
    { agent, kind }: DelegateAgent,
  ): Promise<string | undefined> {
    const { call, step } = numbered;
    const previous = run.journal.tool(step);
    if (previous !== undefined) {
      // The loop itself reads the stored results of agents that were asked.
      const isRefused = kind === 'handoff' && previous.state === 'finished' && previous.result.isError === true;
      return isRefused ? recordCall({ run, ...numbered }, previous.result) : undefined;
    }
    const refusal =
      this.switches.refusalOf('role', agent.role) ??
      this.switches.refusalOf('tool', call.name) ??
      accessRefusal(run.context.principal, agent);
    return refusal === undefined ? undefined : await this.recordRefusal(run, { call, step }, refusal);
  }

  /**
   * Stores the refusal as the result of the call. Returns it for the model.
   *
   * @param usage of the agent until it was stopped.
   */
  async recordRefusal(run: Run, { call, step }: NumberedCall, refusal: string, usage?: ModelUsage): Promise<string> {
    const result = { content: ERROR_PREFIX + refusal, isError: true, durationMs: 0, ...(usage ? { usage } : {}) };
    const head = { type: 'tool.completed', call_id: call.callId, tool: call.name } as const;
    await run.journal.finishTool(step, { ...head, error: refusal }, result);
    return recordCall({ run, call, step }, result);
  }
}

/** The agent that leads the conversation of the run. */
function leaderOf({ agent, parent }: AgentAtWork): AgentDefinition {
  return parent === undefined ? agent : leaderOf(parent);
}
