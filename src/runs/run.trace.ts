import type { AgentMetrics } from '../telemetry/agent.metrics.js';
import { ATTRIBUTE, OPERATION } from '../telemetry/semantic.names.js';
import { contextOf, OpenSpan, type SpanIds } from '../telemetry/spans.js';
import type { Run } from './run.js';

/** One attempt at a run as those see it who watch the service: its span, and its numbers. */
export class RunTrace {
  readonly #span: OpenSpan;

  constructor(
    private readonly run: Run,
    private readonly metrics: AgentMetrics,
  ) {
    const { agent, session, context } = run;
    this.#span = new OpenSpan({
      name: `${OPERATION.agent} ${agent.role}`,
      parent: context.traceHeaders && contextOf(context.traceHeaders),
      attributes: () => ({
        [ATTRIBUTE.operation]: OPERATION.agent,
        [ATTRIBUTE.agent]: agent.role,
        [ATTRIBUTE.conversation]: session.session_id,
        [ATTRIBUTE.requestModel]: agent.model,
        [ATTRIBUTE.run]: run.id,
        [ATTRIBUTE.attempt]: run.attempt,
        [ATTRIBUTE.release]: run.release,
      }),
    });
    metrics.beginRun(context.kind);
  }

  get ids(): SpanIds | undefined {
    return this.#span.ids;
  }

  within<T>(work: () => T): T {
    return this.#span.within(work);
  }

  /** What is left of it for others, a task at rest, goes on in a span of its own. */
  end(): void {
    const { agent, context, status, failure, spending } = this.run;
    this.metrics.endRun({
      kind: context.kind,
      role: agent.role,
      status: status.replace(' ', '_'),
      error: failure?.code ?? '',
      seconds: this.run.elapsedMs() / 1000,
    });
    this.#span.note(() => {
      const { inputTokens, outputTokens } = spending.total;
      return { [ATTRIBUTE.inputTokens]: inputTokens, [ATTRIBUTE.outputTokens]: outputTokens };
    });
    if (failure) this.#span.fail(failure);
    else this.#span.end();
  }
}
