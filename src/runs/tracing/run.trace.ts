import type { ModelTarget } from '../../models/language.model.js';
import type { AgentMetrics } from '../../telemetry/agent.metrics.js';
import { ATTRIBUTE, OPERATION } from '../../telemetry/semantic.names.js';
import { OpenSpan, type SpanIds, storedContextOf } from '../../telemetry/spans.js';
import { agentAttributes } from './agent.attributes.js';
import type { Run, RunResult } from '../run.js';

/** Values of metrics and spans. Dashboards rely on them, so they keep the older names. */
const RECORDED_STATUS: Partial<Record<RunResult['status'], string>> = { suspended: 'at_rest', requeued: 'handed_on' };

/** The span and the metrics of one attempt at a run. */
export class RunTrace {
  readonly #span: OpenSpan;

  constructor(
    private readonly run: Run,
    private readonly metrics: AgentMetrics,
    target: ModelTarget,
  ) {
    const { agent, context } = run;
    this.#span = new OpenSpan({
      name: `${OPERATION.agent} ${agent.role}`,
      // The active span of a claimed task belongs to other work.
      parent: context.kind === 'task' ? storedContextOf(context.traceHeaders) : undefined,
      attributes: {
        ...agentAttributes(run, agent, target),
        [ATTRIBUTE.run]: run.id,
        [ATTRIBUTE.attempt]: run.attempt,
      },
    });
    metrics.beginRun(context.kind);
  }

  get ids(): SpanIds | undefined {
    return this.#span.ids;
  }

  within<T>(work: () => T): T {
    return this.#span.within(work);
  }

  /** Ends the span of this attempt. A later attempt has its own span. */
  end(result: RunResult): void {
    const { agent, context, spending } = this.run;
    const failure = 'failure' in result ? result.failure : undefined;
    for (const call of this.run.openCalls) call.fail(this.run.signal.reason);
    const status = RECORDED_STATUS[result.status] ?? result.status;
    this.metrics.endRun({
      kind: context.kind,
      role: agent.role,
      status,
      error: failure?.code ?? '',
      seconds: this.run.elapsedMs() / 1000,
    });
    this.#span.note(() => {
      const { inputTokens, outputTokens } = spending.total;
      return {
        [ATTRIBUTE.inputTokens]: inputTokens,
        [ATTRIBUTE.outputTokens]: outputTokens,
        [ATTRIBUTE.runStatus]: status,
      };
    });
    if (failure) this.#span.fail(failure);
    else this.#span.end();
  }
}
