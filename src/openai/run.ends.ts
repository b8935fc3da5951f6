import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { AgentError } from '../errors/agent.error.js';
import type { CompletedRun, RunStream } from '../runs/agent-runner.types.js';
import { isErrorCode } from '../errors/error.body.js';
import type { StoredEvent } from '../runs/events/run.events.js';
import { outcomeFrom } from '../runs/events/run.outcome.js';
import { eventOf } from '../runs/events/stored.event.js';
import { outcomeOf } from '../runs/run.row.js';
import { RunsRepository } from '../runs/runs.repository.js';

/** How a run ended. */
export type RunEnding = CompletedRun | { readonly failure: AgentError };

/** Reads how runs ended: their last event lacks the usage. */
@Injectable()
export class RunEnds {
  constructor(private readonly runs: RunsRepository) {}

  /**
   * @param last the last event of a run.
   * @param completion of the run, if this request has begun it: its row need not be read then.
   */
  async of(last: StoredEvent, principal: Principal, completion?: RunStream['completion']): Promise<RunEnding> {
    const completed = last.type === 'run.completed' ? await completion?.() : undefined;
    if (completed) return completed;
    const event = eventOf(last);
    if (event.type === 'run.cancelled') {
      return { failure: new AgentError('run_cancelled', { detail: event.reason }) };
    }
    if (event.type === 'run.failed') {
      const { error, detail } = event.error;
      return {
        failure: new AgentError(isErrorCode(error) ? error : 'internal_error', detail === null ? {} : { detail }),
      };
    }
    const row = await this.runs.find(event.run_id, principal);
    if (row === undefined || event.type !== 'run.completed') return { failure: new AgentError('run_not_found') };
    return { outcome: outcomeOf(row) ?? outcomeFrom(event.response, row), finishedAt: row.finished_at ?? undefined };
  }

  /** The end of a stream whose run has not ended: the service shuts down, or the run was erased. */
  interrupted(): { readonly failure: AgentError } {
    return { failure: new AgentError('draining') };
  }
}
