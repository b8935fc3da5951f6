import type { ApprovalDecision, RunEvent, TaskRequest, TaskResponse } from './api.names.js';
import { changing, following, part, reading, starting } from './calls.js';
import type { FollowOptions, ListOptions, StartOptions, TenantOptions } from './client.options.js';
import { follow } from './event.follower.js';
import { pagesOf } from './pages.js';
import { pause } from './pause.js';
import { RookeryError } from './rookery.error.js';
import { pauseAfter, type Transport } from './transport.js';

const TASKS = '/api/v1/agent/tasks';
const FINAL: ReadonlySet<string> = new Set(['completed', 'failed', 'cancelled']);

/** How a task is waited for. */
export interface WaitOptions extends TenantOptions {
  /** Is told what happens meanwhile, as `approval.required`, for which the task waits. */
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
}

/** Runs in the background. */
export class TasksClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  create(request: TaskRequest, options: StartOptions = {}): Promise<TaskResponse> {
    return this.#transport.json(starting(TASKS, request, options));
  }

  get(taskId: string, options: TenantOptions = {}): Promise<TaskResponse> {
    return this.#transport.json(reading(`${TASKS}/${part(taskId)}`, options));
  }

  /** All tasks, newest first. */
  list({ status, ...options }: ListOptions & { readonly status?: TaskResponse['status'] } = {}): AsyncGenerator<
    TaskResponse,
    void
  > {
    return pagesOf(this.#transport, TASKS, options, { status });
  }

  /** Stops a task. Does nothing more where it is stopped already. */
  cancel(taskId: string, options: TenantOptions = {}): Promise<TaskResponse> {
    const call = changing('POST', `${TASKS}/${part(taskId)}/cancel`, options);
    return this.#transport.json({ ...call, isRepeatable: true });
  }

  /** Decides on a tool's call that waits for it. */
  decide(
    taskId: string,
    approvalId: string,
    decision: ApprovalDecision,
    options: TenantOptions = {},
  ): Promise<TaskResponse> {
    const call = changing('POST', `${TASKS}/${part(taskId)}/approvals/${part(approvalId)}`, options);
    return this.#transport.json({ ...call, body: decision });
  }

  /** Follows a task to its end, from the start or behind an event that is known. */
  events(taskId: string, options: FollowOptions = {}): AsyncGenerator<RunEvent, void, undefined> {
    const { call, after } = following(`${TASKS}/${part(taskId)}/events`, options);
    return follow(this.#transport, { start: call, rejoin: () => call, runId: taskId, after });
  }

  /** The task once it has ended, however it has. It is followed by its events, and where those fail, polled. */
  async wait(taskId: string, { onEvent, ...options }: WaitOptions = {}): Promise<TaskResponse> {
    let after = 0;
    for (let tries = 0; ; tries += 1) {
      try {
        for await (const event of this.events(taskId, { ...options, after })) {
          after = event.sequence;
          onEvent?.(event);
        }
      } catch (failure) {
        if (!(failure instanceof RookeryError) || !isPassing(failure)) throw failure;
      }
      const task = await this.get(taskId, options);
      if (FINAL.has(task.status)) return task;
      await pause(pauseAfter(tries), this.#transport.signalOf(options.signal));
    }
  }
}

/** A stream that failed so may be done without. */
function isPassing({ status }: RookeryError): boolean {
  return status === 0 || status === 429 || status >= 500;
}
