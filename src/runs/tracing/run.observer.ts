import { Injectable } from '@nestjs/common';
import { CallerNames } from '../../auth/caller.names.js';
import type { ModelTarget } from '../../models/language.model.js';
import { AgentMetrics } from '../../telemetry/agent.metrics.js';
import type { Run } from '../run.js';
import { RunTrace } from './run.trace.js';

/** Describes runs in traces, metrics and log lines. */
@Injectable()
export class RunObserver {
  constructor(
    private readonly metrics: AgentMetrics,
    private readonly names: CallerNames,
  ) {}

  /** Begins the span and the metrics of an attempt. */
  begin(run: Run, target: ModelTarget): RunTrace {
    const trace = new RunTrace(run, this.metrics, target);
    run.spanIds = trace.ids;
    return trace;
  }

  /** The fields of a log line about a run. */
  fieldsOf(run: Run): object {
    return {
      ...run.spanIds,
      run_id: run.id,
      request_id: run.context.requestId,
      ...this.names.fieldsOf(run.context.principal),
      session_id: run.session.session_id,
      role: run.agent.role,
      release: run.release,
      status: run.status,
      duration_ms: run.elapsedMs(),
    };
  }
}
