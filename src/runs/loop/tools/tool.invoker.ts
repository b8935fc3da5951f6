import { Injectable, Logger } from '@nestjs/common';
import type { AgentDefinition } from '../../../agents/agent.definition.js';
import type { ToolDefinition } from '../../../agents/tool.definition.js';
import { ToolError } from '../../../agents/tool.error.js';
import { InvalidValue } from '../../../agents/schemas/value.schema.js';
import { AgentError } from '../../../errors/agent.error.js';
import { isString } from '../../../json/json.object.js';
import { cutToCharacters } from '../../../models/whole.characters.js';
import { parseArguments } from './tool.arguments.js';
import type { ModelToolCall } from '../../../models/language.model.js';
import { ERROR_PREFIX } from '../../../models/tool.result.js';
import { raceAbort } from '../../../async/abortable.js';
import { inParallel } from '../../../async/in.parallel.js';
import { RunInterrupted } from '../../events/event.writer.js';
import { callKeyOf } from '../../idempotency.js';
import type { ActiveAgent, Run } from '../../run.js';
import { truncate } from '../../journal/run.calls.js';
import { RunSuspended, type ApprovalRequest } from '../../journal/run.approvals.js';
import type { ToolResult } from '../../journal/run.journal.js';
import { Switches } from '../../../switches/switches.js';
import { outageIn } from '../../../storage/database.unavailable.js';
import { AgentMetrics } from '../../../telemetry/agent.metrics.js';
import { assertRunsAlone, deathsOf, refusalAfterDeaths, unexplainedOf } from './tool.deaths.js';
import { withToolRetries } from './tool.retries.js';
import { inToolSpan } from '../../tracing/tool-call.span.js';
import { TelemetryModuleOptions } from '../../../telemetry/telemetry.options.js';

const MAX_PARALLEL = 8;
/** Maximum calls of one turn; further ones are rejected. */
const MAX_CALLS = 32;
export const MAX_ARGUMENT_CHARS = 64 * 1024;
const MAX_OUTPUT_CHARS = 64 * 1024;

/** A call with its step in the run's journal. */
export interface NumberedCall {
  readonly call: ModelToolCall;
  readonly step: string;
  /** Why the call is not made, for the model. Undefined: it is made. */
  readonly refusal?: string | undefined;
}

interface PendingToolCall extends ActiveAgent, NumberedCall {
  /** Start of the tool itself: validation and approval do not count towards its duration. */
  calledAt?: number;
}

/** Calls the tools that a model requests. Invalid calls and failing tools do not end the run; a lost database does. */
@Injectable()
export class ToolInvoker {
  readonly #logger = new Logger(ToolInvoker.name);

  constructor(
    private readonly metrics: AgentMetrics,
    private readonly telemetry: TelemetryModuleOptions,
    private readonly switches: Switches,
  ) {}

  /**
   * Makes the calls of one turn, several at once, and emits an event when each begins and ends.
   *
   * @returns the results for the model, by step.
   * @throws the run's abort reason, or the failure of a tool that lost the database.
   * @throws RunSuspended if calls wait for an approval and nothing else is left to do.
   */
  async invoke({ run, agent }: ActiveAgent, calls: readonly NumberedCall[]): Promise<ReadonlyMap<string, string>> {
    const contents = new Map<string, string>();
    const pending = calls.map((call, index) => ({ run, agent, ...call, refusal: call.refusal ?? limitRefusal(index) }));
    await assertRunsAlone(run, pending);
    // After a death, calls run one at a time, the least suspect first. The next death then shows its cause. A call for
    // which the task runs alone comes before all: another finished step would clear the task.
    const isSuspect = run.journal.crashes > 0;
    if (isSuspect) {
      pending.sort((one, other) => unexplainedOf(other) - unexplainedOf(one) || deathsOf(one) - deathsOf(other));
    }
    await inParallel(pending, isSuspect ? 1 : MAX_PARALLEL, async (each) => {
      const content = await this.#content(each);
      if (content !== undefined) contents.set(each.step, content);
    });
    if (contents.size < calls.length) throw new RunSuspended();
    return contents;
  }

  /** The result for the model; undefined if the call waits for an approval. */
  async #content(pending: PendingToolCall): Promise<string | undefined> {
    const { run, call, step } = pending;
    const previous = run.journal.tool(step);
    if (previous?.state === 'finished') return recordCall(pending, previous.result);
    const head = { type: 'tool.completed', call_id: call.callId, tool: call.name } as const;
    const outcome = await this.#attempt(pending, previous !== undefined);
    if (outcome === undefined) return undefined;
    const result = resultOf(pending, outcome);
    await run.journal.finishTool(step, { ...head, ...outcome }, result);
    return recordCall(pending, result);
  }

  /** Makes the call; undefined if it waits for an approval. */
  async #attempt(
    pending: PendingToolCall,
    hasBegun: boolean,
  ): Promise<{ output: string } | { error: string } | undefined> {
    try {
      return { output: await this.#output(pending, hasBegun) };
    } catch (failure) {
      pending.run.signal.throwIfAborted();
      if (failure instanceof RunSuspended) return undefined;
      if (failure instanceof RunInterrupted) throw failure;
      // The database failed, not the tool: the model cannot repair that.
      if (!isForModel(failure) && outageIn(failure)) throw failure;
      if (failure instanceof AgentError && failure.code === 'approval_required') throw failure;
      return { error: this.#errorText(pending.run, pending.call, failure) };
    }
  }

  /** @param hasBegun true if the process died while an earlier attempt made the call. */
  async #output(pending: PendingToolCall, hasBegun: boolean): Promise<string> {
    const { run, agent, call, step, refusal } = pending;
    if (refusal !== undefined) throw new ToolError(refusal);
    const tool = toolOf(agent, call.name);
    if (hasBegun && !tool.isIdempotent) throw new ToolError(outcomeUnknown(tool));
    this.#assertHarmless(pending);
    this.#assertNotStopped(tool);
    const input = await raceAbort(inputOf(tool, call), run.signal);
    const { needsApproval } = tool;
    if (needsApproval !== false) {
      const by = needsApproval === true ? undefined : needsApproval.by;
      await this.#approve(run, { step, tool: tool.name, input, by });
    }
    // It may have been stopped while the call waited.
    this.#assertNotStopped(tool);
    const event = { type: 'tool.started', call_id: call.callId, tool: call.name, arguments: input } as const;
    const kind = tool.isIdempotent ? 'repeatable' : 'once';
    await run.journal.startTool(step, event, kind);
    pending.calledAt = performance.now();
    const { captureContent } = this.telemetry;
    const traced = { tool: tool.name, callId: call.callId, arguments: call.arguments, captureContent };
    return await withToolRetries(run, tool, {
      call: () =>
        inToolSpan(traced, this.metrics, async () => textOf(await this.#call(run, tool, { call, step }, input))),
      onRetry: () => run.journal.startTool(step, undefined, kind),
    });
  }

  /** @throws ToolError if the operator has stopped the tool. */
  #assertNotStopped({ name }: ToolDefinition): void {
    const refusal = this.switches.refusalOf('tool', name);
    if (refusal !== undefined) throw new ToolError(refusal);
  }

  /** @throws ToolError if the call, or an earlier call of its tool, caused too many deaths. */
  #assertHarmless(pending: PendingToolCall): void {
    const { run, call, step } = pending;
    const refusal = refusalAfterDeaths(pending);
    if (refusal === undefined) return;
    const { deaths, text } = refusal;
    this.#logger.warn({
      run_id: run.id,
      tool: call.name,
      call_id: call.callId,
      step,
      deaths,
      msg: 'a tool is not called again: its calls stopped the service',
    });
    throw new ToolError(text);
  }

  /**
   * Waits for the decision until the deadline of the run.
   *
   * @throws ToolError if the call is rejected.
   * @throws RunSuspended if no process waits for the decision.
   * @throws AgentError `approval_required` if no client learns of the pending call.
   */
  async #approve(run: Run, request: ApprovalRequest): Promise<void> {
    if (run.context.kind === 'chat' || run.context.isUnstored === true) throw new AgentError('approval_required');
    const { decision, reason } = await raceAbort(run.approvals.requestDecision(request), run.signal);
    if (decision !== 'approve') throw new ToolError(`The call was rejected. ${reason ?? ''}`.trim());
  }

  /** Calls the tool. Its timeout or the end of the run ends the call, even if the tool ignores the signal. */
  async #call(run: Run, tool: ToolDefinition, { call, step }: NumberedCall, input: unknown): Promise<unknown> {
    run.signal.throwIfAborted();
    const controller = new AbortController();
    const { promise: ended, reject } = Promise.withResolvers<never>();
    const end = (reason: unknown): void => {
      controller.abort(reason);
      reject(reason);
    };
    const onAbort = (): void => end(run.signal.reason);
    run.signal.addEventListener('abort', onAbort, { once: true });
    // AbortSignal.timeout would keep the call's memory until the timeout.
    const timer = setTimeout(() => end(tooLate(tool)), tool.timeoutMs);
    const context = {
      signal: controller.signal,
      principal: run.context.principal,
      runId: run.id,
      sessionId: run.session.session_id,
      callId: call.callId,
      idempotencyKey: callKeyOf(run, call, step),
    };
    try {
      return await Promise.race([tool.call(input, context), ended]);
    } finally {
      clearTimeout(timer);
      run.signal.removeEventListener('abort', onAbort);
    }
  }

  /** The error text for the model. The tool's own error is only logged. */
  #errorText(run: Run, call: ModelToolCall, failure: unknown): string {
    if (isForModel(failure)) return cutToCharacters(failure.message, MAX_OUTPUT_CHARS);
    const cause = failure instanceof AgentError ? failure.code : failure;
    this.#logger.warn({ run_id: run.id, tool: call.name, call_id: call.callId, cause, msg: 'a tool failed' });
    return `${call.name} failed.`;
  }
}

function limitRefusal(index: number): string | undefined {
  return index < MAX_CALLS ? undefined : `At most ${MAX_CALLS} tools can be called in one turn.`;
}

/** True if the message of the failure is meant for the model. */
function isForModel(failure: unknown): failure is ToolError | InvalidValue {
  return failure instanceof ToolError || failure instanceof InvalidValue;
}

/** The result of the call, with its duration and the processes that died in it. */
function resultOf(pending: PendingToolCall, outcome: { output: string } | { error: string }): ToolResult {
  const { calledAt } = pending;
  const durationMs = calledAt === undefined ? 0 : Math.round((performance.now() - calledAt) * 10) / 10;
  if (!('error' in outcome)) return { content: outcome.output, durationMs };
  const deaths = calledAt === undefined ? deathsOf(pending) : 0;
  return { content: ERROR_PREFIX + outcome.error, isError: true, durationMs, ...(deaths > 0 ? { deaths } : {}) };
}

/** Adds the finished call to the outcome of the run. Returns its result for the model. */
export function recordCall({ run, call, step }: NumberedCall & Pick<ActiveAgent, 'run'>, result: ToolResult): string {
  run.calls.add(step, call, result);
  return result.content;
}

function outcomeUnknown({ name }: ToolDefinition): string {
  return `The service stopped while ${name} ran. Whether it has taken effect is unknown; it was not called again.`;
}

function tooLate({ name, timeoutMs, isIdempotent }: ToolDefinition): ToolError {
  return new ToolError(`${name} took longer than ${timeoutMs} ms.`, { retryable: isIdempotent });
}

function toolOf(agent: AgentDefinition, name: string): ToolDefinition {
  const tool = agent.tools.get(name);
  if (tool) return tool;
  throw new ToolError(`No tool "${name.slice(0, 64)}". Offered: ${[...agent.tools.keys()].join(', ')}.`);
}

async function inputOf(tool: ToolDefinition, { arguments: text }: ModelToolCall): Promise<unknown> {
  if (text.length > MAX_ARGUMENT_CHARS)
    throw new ToolError(`The arguments are longer than ${MAX_ARGUMENT_CHARS} characters.`);
  return await tool.input.parse(parseArguments(text));
}

function textOf(output: unknown): string {
  return truncate(isString(output) ? output : (JSON.stringify(output, wellFormed) ?? 'done'), MAX_OUTPUT_CHARS);
}

function wellFormed(_key: string, value: unknown): unknown {
  return isString(value) ? value.toWellFormed() : value;
}
