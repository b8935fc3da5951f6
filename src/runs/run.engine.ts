import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { SchemaThreadFailed } from '../agents/schemas/schema.thread.js';
import { AgentError } from '../errors/agent.error.js';
import { ERROR_CODES } from '../errors/error.codes.js';
import { LanguageModel } from '../models/language.model.js';
import { isTemporary } from '../models/openai/provider.failure.js';
import type { AgentExecution } from './loop/agent.execution.js';
import { AgentLoop } from './loop/agent.loop.js';
import { startOf } from './events/run.start.js';
import { EventLog } from './events/event.log.js';
import { AttemptLost, RunInterrupted } from './events/event.writer.js';
import { RunSuspended } from './journal/run.approvals.js';
import { lastEventOf } from './journal/run.end.js';
import { ERASED_SESSION } from './recovery/cancel.reasons.js';
import { retryWaitMs } from './recovery/retry.wait.js';
import type { Run, RunResult, ShapedReply } from './run.js';
import { finalEventOf, failureOf, isOver, outcomeOf } from './run.row.js';
import { RunHistory } from './loop/history/run.history.js';
import { RunsRepository } from './runs.repository.js';
import { RunObserver } from './tracing/run.observer.js';
import { LogLine } from '../telemetry/log.line.js';
import { loggedCause, outageIn } from '../storage/database.unavailable.js';

/** Backoff for storing the final state of a run while the database is down. */
const RETRY_MS = [100, 500, 1000, 2000, 5000];
/** Tries that the database refuses without an outage. Afterwards the failure is stored without usage. */
const MAX_REFUSALS = 3;

/** Runs an attempt from its first event to its last and stores its end. Every entry point uses it. */
@Injectable()
export class RunEngine {
  readonly #logger = new Logger(RunEngine.name);
  /** Pending writes of final states. */
  readonly #pendingWrites = new Set<Promise<void>>();
  #isClosing = false;

  constructor(
    private readonly loop: AgentLoop,
    private readonly model: LanguageModel,
    private readonly runs: RunsRepository,
    private readonly log: EventLog,
    private readonly history: RunHistory,
    private readonly observer: RunObserver,
  ) {}

  /** Returns how the attempt ended. Its end is stored by then, or could not be stored at once. */
  async execute(execution: AgentExecution): Promise<RunResult> {
    const { run } = execution;
    const trace = this.observer.begin(run, this.model.targetOf(run.agent.model));
    // From now on an abort ends the run at once, even if the awaited code ignores the signal.
    run.signal.addEventListener('abort', () => this.#stop(run, run.signal.reason), { once: true });
    if (run.signal.aborted) this.#stop(run, run.signal.reason);
    else trace.within(() => void this.#run(execution));
    await run.ended;
    const { result } = run;
    if (result === undefined) throw new Error(`The attempt has ended while it is ${run.status}.`);
    trace.end(result);
    return result;
  }

  /** Resolves when no final state is left to store. Failed writes are no longer retried. */
  async settle(): Promise<void> {
    this.#isClosing = true;
    await Promise.all(this.#pendingWrites);
  }

  async #run(execution: AgentExecution): Promise<void> {
    const { run } = execution;
    try {
      this.#emitStart(run);
      // The caller must be able to see the run before the model is called.
      await run.events?.flushed();
      await this.history.load(execution);
      await this.#complete(execution, await this.loop.answer(execution));
    } catch (failure) {
      this.#stop(run, failure);
    }
  }

  #emitStart(run: Run): void {
    if (run.events?.publishOpening() === true) return;
    if (run.events?.isEmpty === false) run.emit({ type: 'run.restarted', attempt: run.attempt });
    else run.emit(startOf(run.session.session_id, run.agent, this.model));
  }

  async #complete({ run, transcript }: AgentExecution, reply: ShapedReply): Promise<void> {
    run.signal.throwIfAborted();
    await run.events?.flushed();
    run.signal.throwIfAborted();
    // From now on an abort is too late: the write cannot be undone.
    run.enter({ status: 'completing' });
    const outcome = run.outcome(reply);
    let ended;
    try {
      ended = await this.runs.end(run, { outcome, transcript });
    } catch (cause) {
      run.enter({ status: 'running' });
      // The write may still have been committed.
      run.answer = outcome;
      throw new RunInterrupted('The answer could not be stored.', { cause });
    }
    if (ended !== 'stored') {
      run.enter({ status: 'running' });
      throw ended === 'lost' ? new AttemptLost() : cancelled(ended.cancelReason);
    }
    run.enter({ status: 'completed', outcome });
    const { total_tokens: tokens } = outcome.usage;
    this.#logger.log(new LogLine({ ...this.observer.fieldsOf(run), model: reply.model, tokens, msg: 'run finished' }));
    run.close();
  }

  /** Ends an active attempt. Its capacity is free when this returns. */
  #stop(run: Run, cause: unknown): void {
    if (run.status !== 'running') return;
    // A failure that the abort caused is not the reason for the end of the run.
    const reason: unknown = run.signal.aborted ? run.signal.reason : cause;
    if (reason instanceof RunSuspended) {
      const until = run.approvals.suspendedUntil?.toISOString();
      run.emit({ type: 'run.waiting', reason: 'approval', ...(until === undefined ? {} : { until }) });
      this.#leave(run, { status: 'suspended' });
    } else if (run.context.kind === 'task' && isTransient(reason)) {
      this.#leave(run, { status: 'requeued', cause: reason }, reason);
    } else {
      const failure = AgentError.from(reason);
      const waitMs = run.context.kind === 'task' ? retryWaitOf(run, failure) : undefined;
      if (waitMs === undefined) this.#fail(run, failure);
      else this.#leave(run, { status: 'requeued', cause: failure, waitMs }, failure);
    }
  }

  /** Leaves the run to another attempt. */
  #leave(run: Run, result: RunResult, cause?: unknown): void {
    run.enter(result);
    // Stops code that still works for this attempt.
    run.abort(cause instanceof RunInterrupted ? cause : new RunInterrupted('The attempt has ended.', { cause }));
    const fields = { ...this.observer.fieldsOf(run), ...loggedCause(cause) };
    this.#logger.log(new LogLine({ ...fields, msg: 'run left for another attempt' }));
    run.close();
  }

  #fail(run: Run, failure: AgentError): void {
    run.fail(failure);
    run.abort(failure);
    run.stopTimer();
    const write = this.#storeFailure(run, failure).finally(() => {
      run.close();
      this.#pendingWrites.delete(write);
    });
    this.#pendingWrites.add(write);
  }

  /** Stores the failure of a run. The caller gets its answer even while the database is down. */
  async #storeFailure(run: Run, failure: AgentError): Promise<void> {
    // The failed write may still have been committed.
    let isNumbered = run.answer === undefined && !(failure.cause instanceof RunInterrupted);
    for (let tries = 0, refusals = 0; tries === 0 || !this.#isClosing; tries++) {
      try {
        await run.events?.flushed();
        if (!isNumbered) await run.events?.resync();
        isNumbered = true;
        if (refusals < MAX_REFUSALS) await this.#storeEnd(run, failure);
        else await this.runs.endClaimed({ run_id: run.id, tenant: run.session.tenant, attempt: run.attempt }, failure);
        this.#report(run);
        return;
      } catch (cause) {
        if (!outageIn(cause)) refusals++;
        if (tries === 0) {
          const line = {
            run_id: run.id,
            ...loggedCause(cause),
            msg: 'failed to store the end of a run; retrying',
          };
          this.#logger[outageIn(cause) ? 'warn' : 'error'](line);
          // Another attempt may complete a task if this process dies before the failure is stored.
          if (isNumbered && run.context.kind !== 'task')
            this.log.publish(run.id, run.events?.finalEvents(finalEventOf(failure, run.context.requestId)) ?? []);
          run.finishAttempt();
        }
        isNumbered = false;
        await sleep(RETRY_MS[Math.min(tries, RETRY_MS.length - 1)] ?? 0, undefined, { ref: false });
      }
    }
  }

  async #storeEnd(run: Run, failure: AgentError): Promise<void> {
    const ended = await this.runs.end(run, { failure });
    if (ended === 'lost') await this.#adopt(run);
    else if (ended !== 'stored') {
      // Somebody had cancelled the run before it failed.
      const cancellation = cancelled(ended.cancelReason);
      await this.runs.end(run, { failure: cancellation });
      run.fail(cancellation);
    }
  }

  /** Adopts the end that is stored already. If the row is missing, the session was erased. */
  async #adopt(run: Run): Promise<void> {
    const row = await this.runs.find(run.id, { tenant: run.session.tenant });
    if (row === undefined) {
      run.fail(cancelled(ERASED_SESSION));
      this.#showEnd(run);
      await this.runs.deleteRecords(run.id);
      return;
    }
    const outcome = row.status === 'completed' ? (outcomeOf(row) ?? run.answer) : undefined;
    if (outcome) run.enter({ status: 'completed', outcome });
    else if (isOver(row)) run.fail(failureOf(row));
    this.#showEnd(run);
    this.log.publishGap(run.id);
  }

  /** The readers of a run that is not stored cannot read its end. */
  #showEnd(run: Run): void {
    const { result, events } = run;
    if (run.context.isUnstored !== true || result === undefined) return;
    if ('outcome' in result || 'failure' in result) {
      this.log.publish(run.id, events?.finalEvents(lastEventOf(run, result)) ?? []);
    }
  }

  #report(run: Run): void {
    const { result } = run;
    if (result?.status !== 'failed' && result?.status !== 'cancelled') return;
    const { failure } = result;
    const fields = { ...this.observer.fieldsOf(run), error: failure.code, ...loggedCause(failure.cause) };
    const line = new LogLine({ ...fields, msg: 'run finished' });
    const { level } = ERROR_CODES[failure.code];
    this.#logger[level === 'warn' || level === 'error' ? level : 'log'](line);
  }
}

/** True if the run is not at fault, so that another attempt may succeed. */
function isTransient(reason: unknown): boolean {
  return reason instanceof RunInterrupted || reason instanceof SchemaThreadFailed || outageIn(reason) !== undefined;
}

/** How long a task waits for its provider; undefined: another attempt would fail again, or come too late. */
function retryWaitOf({ journal, deadlineAt }: Run, failure: AgentError): number | undefined {
  if (!isTemporary(failure)) return undefined;
  const { retryAfterSeconds: seconds } = failure;
  const requestedMs = seconds === undefined ? undefined : seconds * 1000;
  return retryWaitMs({ failures: journal.failures, requestedMs, leftMs: deadlineAt - performance.now() });
}

function cancelled(detail: string): AgentError {
  return new AgentError('run_cancelled', { detail });
}
