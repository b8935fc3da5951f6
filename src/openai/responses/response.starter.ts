import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal.js';
import { requireScope } from '../../auth/scopes.js';
import { AgentError, ignoreCodes } from '../../errors/agent.error.js';
import { AgentRunnerService } from '../../runs/agent-runner.service.js';
import type { RunOptions } from '../../runs/agent-runner.types.js';
import type { RunRequest, StoredEvent } from '../../runs/events/run.events.js';
import { WriteRetries } from '../../storage/write.retries.js';
import { TasksService } from '../../tasks/tasks.service.js';
import { toRunRequest } from '../request/agent.call.js';
import type { ResponseEvent, ResponseFold } from './response.fold.js';
import { type Place, ResponsePlace } from './response.place.js';
import { ResponseStream, type RunEvents } from './response.stream.js';
import type { ResponseRequest } from './responses.reader.js';
import { ResponsesRepository } from './responses.repository.js';

/** Answers and streams share idempotency keys: one can repeat the other. */
const KEY_SPACE = 'openai';

/** The caller of a request for a response. */
export type ResponseCaller = RunOptions & { readonly principal: Principal; readonly requestId: string };

type EventBatches = AsyncIterable<readonly StoredEvent[]>;

/** The events of a response. */
export type ResponseEvents = AsyncIterable<readonly ResponseEvent[]>;

/** A response that has begun. */
export interface StartedResponse {
  readonly events: ResponseEvents;
  readonly fold: ResponseFold;
  readonly isReplayed: boolean;
  readonly place: Place;
}

interface StartOptions {
  /** `cancel`: the run ends when its caller leaves. Default: after the grace period. */
  readonly unread?: 'cancel' | undefined;
  /** Default: where the request says. */
  readonly place?: Place | undefined;
}

/** A run that has begun. */
interface Begun extends RunEvents {
  readonly runId: string;
  readonly isReplayed: boolean;
}

/** Starts the runs of responses. */
@Injectable()
export class ResponseStarter {
  constructor(
    private readonly runner: AgentRunnerService,
    private readonly tasks: TasksService,
    private readonly responses: ResponsesRepository,
    private readonly streams: ResponseStream,
    private readonly places: ResponsePlace,
    private readonly retries: WriteRetries,
  ) {}

  /** @throws AgentError if the run is refused. */
  async start(request: ResponseRequest, caller: ResponseCaller, options: StartOptions = {}): Promise<StartedResponse> {
    const { echo, call } = request;
    const place = options.place ?? (await this.places.of(echo, caller.principal));
    const run = { ...toRunRequest(call), ...place };
    const begun = echo.background
      ? await this.#submit(run, request, caller)
      : await this.#begin(run, request, caller, options.unread);
    try {
      return { ...(await this.#opened(begun, request, caller.principal)), place };
    } catch (failure) {
      // A repeat with the key gets the run.
      if (!begun.isReplayed && caller.idempotencyKey === undefined) await this.#cancel(begun, caller.principal);
      throw failure;
    }
  }

  /** Cancels a run that nobody can read, because its response is not stored. Never throws. */
  async #cancel({ runId: run_id }: Begun, principal: Principal): Promise<void> {
    const isOver = ignoreCodes('run_not_found', 'task_already_finished');
    const cancel = () => this.runner.cancel(run_id, principal).catch(isOver);
    try {
      await cancel();
    } catch (cause) {
      const about = { run_id, cause, msg: 'failed to cancel the run of a response that is not stored' };
      void this.retries.retry(about, cancel);
    }
  }

  async #begin(
    run: RunRequest,
    { echo, isStream }: ResponseRequest,
    caller: ResponseCaller,
    unread: 'cancel' | undefined,
  ): Promise<Begun> {
    // Nobody can come back to a response that is not stored.
    const policy = echo.store ? unread : 'cancel';
    const started = await this.runner.begin(run, { ...caller, keySpace: KEY_SPACE, earlyFacts: true }, policy);
    const { runId, isReplayed, completion, events = nothing() } = started;
    return { runId, isReplayed, completion, batches: isStream ? events : unlessWaiting(events) };
  }

  async #submit(run: RunRequest, { isStream }: ResponseRequest, caller: ResponseCaller): Promise<Begun> {
    const { principal, requestId, idempotencyKey } = caller;
    requireScope(principal, 'tasks');
    const { task, isReplayed } = await this.tasks.submit(run, { principal, requestId, idempotencyKey });
    const events = isStream ? await this.runner.follow(task.task_id, { ...caller, earlyFacts: true }) : undefined;
    return { runId: task.task_id, isReplayed, batches: events ?? nothing() };
  }

  /** Stores the request before anybody learns the id of the response. A repeat has the request of the first. */
  async #opened(
    { runId, isReplayed, ...events }: Begun,
    { echo, input }: ResponseRequest,
    principal: Principal,
  ): Promise<Omit<StartedResponse, 'place'>> {
    if (echo.store) await this.responses.add({ runId, echo, input });
    const first = isReplayed ? await this.responses.find(runId) : undefined;
    // The client that creates a response may keep the conversation itself.
    const fold = this.streams.fold(first ?? { runId, echo }, principal, true);
    return { events: this.streams.translate(fold, events, principal), fold, isReplayed };
  }
}

async function* nothing(): AsyncGenerator<never> {
  // A run that is over and has no events.
}

/** Fails when a tool call waits for an approval: the caller would wait in vain, and nobody could know of it. */
async function* unlessWaiting(batches: EventBatches): AsyncGenerator<readonly StoredEvent[]> {
  for await (const batch of batches) {
    if (batch.some(({ type }) => type === 'approval.required')) throw new AgentError('approval_required');
    yield batch;
  }
}
