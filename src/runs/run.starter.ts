import { Injectable } from '@nestjs/common';
import { assertAccess } from '../auth/caller.access.js';
import { AgentError } from '../errors/agent.error.js';
import { RunInterrupted } from './events/event.writer.js';
import { beforeDeadline } from './admission/deadline.js';
import { ImageUrls } from './admission/image.urls.js';
import { type ExistingRun, RunAdmission, SessionMoved } from './admission/run.admission.js';
import type { AgentExecution } from './loop/agent.execution.js';
import { guard } from './loop/guard.js';
import { RejectedRuns } from './recovery/rejected.runs.js';
import { RunControl } from './recovery/run.control.js';
import type { Run } from './run.js';
import { type RetryCommand, type RunCommand, RunFactory, type RunPlan } from './run.factory.js';
import { RunLimits } from './run.limits.js';
import type { RunRow } from './run.row.js';

/** How long a task waits for its session while it is submitted. */
const SUBMISSION_TIMEOUT_MS = 5000;

export type { ExistingRun };

interface Admitted {
  readonly plan: RunPlan;
  /** The earlier run with the same key. */
  readonly existing: ExistingRun | undefined;
}

/** Starts runs: stores each row as soon as its session is free, builds the run, and checks its input. */
@Injectable()
export class RunStarter {
  constructor(
    private readonly factory: RunFactory,
    private readonly admission: RunAdmission,
    private readonly rejectedRuns: RejectedRuns,
    private readonly control: RunControl,
    private readonly limits: RunLimits,
    private readonly images: ImageUrls,
  ) {}

  /**
   * Starts a chat or a stream, and reserves capacity for it until it ends.
   *
   * @throws AgentError if the run is refused. Nothing of it is left then.
   */
  start(command: RunCommand): Promise<AgentExecution | ExistingRun> {
    return this.limits.reserve(() => this.#start(command));
  }

  /** Stores a task as queued. @throws AgentError if it is refused. */
  async submit(command: RunCommand): Promise<RunRow | ExistingRun> {
    const { plan, existing } = await this.#admit(command, performance.now() + SUBMISSION_TIMEOUT_MS);
    return existing ?? plan.row;
  }

  /** Stores a task that continues from the journal of an earlier one. @throws AgentError if it is refused. */
  async retry(earlier: RunRow, command: RetryCommand): Promise<RunRow | ExistingRun> {
    const plan = await this.factory.planRetry(earlier, command);
    return (await this.admission.begin(plan, performance.now() + SUBMISSION_TIMEOUT_MS)) ?? plan.row;
  }

  /**
   * Builds a new attempt of a task that this process has claimed. The attempt ends as failed if its input is refused.
   *
   * @param timeoutMs remaining time of the run.
   */
  async resume(row: RunRow, timeoutMs: number): Promise<AgentExecution> {
    return await this.control.preparations.prepare(row.run_id, timeoutMs, async (signal) => {
      const execution = await this.factory.resume(row, timeoutMs, signal);
      const { run, agent, checkedText } = execution;
      this.#register(run, signal);
      try {
        // Its release may be gone, or the agent may have another model.
        assertAccess(run.context.principal, agent);
        if (!run.journal.hasBegun) await guard({ run, agent }, 'checkInput', checkedText);
      } catch (failure) {
        run.abort(AgentError.from(failure));
      }
      return execution;
    });
  }

  async #start(command: RunCommand): Promise<AgentExecution | ExistingRun> {
    const { signal } = command;
    const deadlineAt = performance.now() + this.limits.timeoutMs;
    const { plan, existing } = await this.#admit(command, deadlineAt).catch(orAbortReason(signal));
    if (existing) return existing;
    let run: Run | undefined;
    try {
      const execution = await beforeDeadline(deadlineAt, (timeoutMs) => this.factory.create(plan, timeoutMs));
      ({ run } = execution);
      this.#register(run, signal);
      await guard({ run, agent: run.agent }, 'checkInput', execution.checkedText);
      return execution;
    } catch (failure) {
      await this.rejectedRuns.remove(plan.row, plan.key !== undefined, run);
      throw run?.signal.aborted === true ? AgentError.from(run.signal.reason) : failure;
    }
  }

  /** Stores the row of a run. One that cannot continue its session begins a new one. */
  async #admit(command: RunCommand, deadlineAt: number, isMoved = false): Promise<Admitted> {
    const planned = () => this.#plan(command, isMoved);
    // The submission of a task has the time limit of its request.
    const plan = command.kind === 'task' ? await planned() : await beforeDeadline(deadlineAt, planned);
    try {
      return { plan, existing: await this.admission.begin(plan, deadlineAt) };
    } catch (failure) {
      if (failure instanceof SessionMoved) return await this.#admit(command, deadlineAt, true);
      throw failure;
    }
  }

  async #plan(command: RunCommand, isMoved: boolean): Promise<RunPlan> {
    const plan = await this.factory.plan(command, isMoved);
    // The last check: it may ask name servers, also those of a stranger.
    await this.images.check(command.request, () => this.factory.isRepeat(plan));
    return plan;
  }

  /** @param signal aborts the run. A run that outlives its caller has none. */
  #register(run: Run, signal: AbortSignal | undefined): void {
    if (signal) {
      const onAbort = (): void => run.abort(abortReason(signal));
      if (signal.aborted) onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      void run.ended.then(() => signal.removeEventListener('abort', onAbort));
    }
    this.control.register(run);
  }
}

/** Rethrows the failure, or the abort reason if the signal caused it. */
function orAbortReason(signal: AbortSignal | undefined): (failure: unknown) => never {
  return (failure) => {
    throw signal?.aborted === true ? abortReason(signal) : failure;
  };
}

function abortReason({ reason }: AbortSignal): AgentError | RunInterrupted {
  if (reason instanceof AgentError || reason instanceof RunInterrupted) return reason;
  return new AgentError('client_closed_request', {}, { cause: reason });
}
