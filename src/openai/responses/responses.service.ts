import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal.js';
import type { Caller } from '../../http/caller.decorator.js';
import { hasScope, requireScope } from '../../auth/scopes.js';
import { AgentError, ignoreCodes } from '../../errors/agent.error.js';
import { AgentRunnerService } from '../../runs/agent-runner.service.js';
import type { RunOptions } from '../../runs/agent-runner.types.js';
import type { StoredEvent } from '../../runs/events/run.events.js';
import { isOver, type RunRow } from '../../runs/run.row.js';
import { RunsRepository } from '../../runs/runs.repository.js';
import { TasksService } from '../../tasks/tasks.service.js';
import { OpenAIRefusal } from '../openai.error.js';
import { toRunRequest } from '../request/agent.call.js';
import { resolveReferences } from './item.references.js';
import { type ResponseEvent, ResponseFold } from './response.fold.js';
import { type ResponseObject, responseOf, runIdOf } from './response.object.js';
import { ResponsePlace } from './response.place.js';
import { ResponseStream } from './response.stream.js';
import { ResponsesRepository, type StoredResponse } from './responses.repository.js';
import type { ResponseRequest } from './responses.reader.js';

/** Answers and streams share idempotency keys: one can repeat the other. */
const KEY_SPACE = 'openai';

/** The caller of a request for a response. */
export type ResponseCaller = RunOptions & { readonly principal: Principal; readonly requestId: string };

type EventBatches = AsyncIterable<readonly StoredEvent[]>;

/** The events of a response. */
export type ResponseEvents = AsyncIterable<readonly ResponseEvent[]>;

interface FoundResponse {
  readonly row: RunRow;
  readonly stored: StoredResponse;
}

interface Started {
  readonly events: ResponseEvents;
  readonly fold: ResponseFold;
  readonly isReplayed: boolean;
}

/** Creates responses from runs, and reads, cancels and deletes them. */
@Injectable()
export class ResponsesService {
  constructor(
    private readonly runner: AgentRunnerService,
    private readonly tasks: TasksService,
    private readonly runs: RunsRepository,
    private readonly responses: ResponsesRepository,
    private readonly streams: ResponseStream,
    private readonly place: ResponsePlace,
  ) {}

  /** Replaces references to items of earlier responses. @throws OpenAIRefusal if one does not exist. */
  async resolve(items: readonly unknown[], principal: Principal): Promise<readonly unknown[]> {
    return await resolveReferences(items, (id) => this.get(id, principal).catch(ignoreCodes('run_not_found')));
  }

  /** Creates a response and waits for it, unless it is in the background. @throws AgentError if its run fails. */
  async create(request: ResponseRequest, caller: ResponseCaller) {
    const started = await this.#start(request, caller, 'cancel');
    if (!request.echo.background) {
      for await (const _ of started.events) continue;
      if (started.fold.failure) throw started.fold.failure;
    }
    return { response: started.fold.response, isReplayed: started.isReplayed };
  }

  /** Creates a response and returns its events. @throws AgentError if its run is refused. */
  async stream(request: ResponseRequest, caller: ResponseCaller): Promise<Started> {
    return await this.#start(request, caller);
  }

  /** @throws OpenAIRefusal `response_not_found` */
  async get(responseId: string, principal: Principal): Promise<ResponseObject> {
    const { row, stored } = await this.#find(responseId, principal);
    const { runId, echo } = stored;
    if (!isOver(row))
      return responseOf(runId, echo, { status: row.status === 'queued' ? 'queued' : 'in_progress', output: [] });
    const fold = new ResponseFold(runId, echo);
    const events = await this.runner.follow(runId, { principal });
    if (events) for await (const _ of this.streams.translate(fold, events, principal)) continue;
    return fold.response;
  }

  /** The events of a response after a number. */
  async follow(responseId: string, principal: Principal, signal: AbortSignal): Promise<ResponseEvents> {
    const { stored } = await this.#find(responseId, principal);
    const events = await this.runner.follow(stored.runId, { principal, signal });
    return this.streams.translate(new ResponseFold(stored.runId, stored.echo), events ?? nothing(), principal);
  }

  /** Cancels a response in the background. A response that is over stays as it is. */
  async cancel(responseId: string, principal: Principal): Promise<ResponseObject> {
    const { stored } = await this.#find(responseId, principal);
    if (!stored.echo.background) {
      throw new OpenAIRefusal('invalid_value', 'response_id', 'Only a response in the background can be cancelled.');
    }
    await this.runner.cancel(stored.runId, principal).catch(ignoreCodes('task_already_finished'));
    return await this.get(responseId, principal);
  }

  /** Erases a response with its run and its messages. An active one is cancelled first. */
  async delete(responseId: string, { principal, ids }: Caller): Promise<void> {
    const { row, stored } = await this.#find(responseId, principal);
    if (!isOver(row)) await this.runner.cancel(stored.runId, principal).catch(ignoreCodes('task_already_finished'));
    await this.responses.erase(row, principal, ids);
  }

  /** The items of the input. */
  async input(responseId: string, principal: Principal): Promise<StoredResponse> {
    return (await this.#find(responseId, principal)).stored;
  }

  async #start(request: ResponseRequest, caller: ResponseCaller, unread?: 'cancel'): Promise<Started> {
    const { echo, input, call } = request;
    const { principal, requestId, idempotencyKey } = caller;
    const run = { ...toRunRequest(call), ...(await this.place.of(echo, principal)) };
    if (!echo.background) {
      const { runId, isReplayed, events } = await this.runner.begin(run, { ...caller, keySpace: KEY_SPACE }, unread);
      const batches = request.isStream ? (events ?? nothing()) : unlessWaiting(events ?? nothing());
      return await this.#opened({ runId, echo, input }, isReplayed, batches, principal);
    }
    requireScope(principal, 'tasks');
    const { task, isReplayed } = await this.tasks.submit(run, { principal, requestId, idempotencyKey });
    const events = request.isStream ? await this.runner.follow(task.task_id, caller) : undefined;
    return await this.#opened({ runId: task.task_id, echo, input }, isReplayed, events ?? nothing(), principal);
  }

  /** Stores the request before anybody learns the id of the response. */
  async #opened(
    stored: StoredResponse,
    isReplayed: boolean,
    batches: EventBatches,
    principal: Principal,
  ): Promise<Started> {
    await this.responses.add(stored);
    const fold = new ResponseFold(stored.runId, stored.echo);
    return { events: this.streams.translate(fold, batches, principal), fold, isReplayed };
  }

  async #find(responseId: string, principal: Principal): Promise<FoundResponse> {
    const runId = runIdOf(responseId);
    const row = runId === undefined ? undefined : await this.runs.find(runId, principal);
    // A caller without the scope reaches no tasks by the ids of their runs.
    const isReachable = row !== undefined && (row.kind !== 'task' || hasScope(principal, 'tasks'));
    const stored = isReachable ? await this.responses.find(row.run_id) : undefined;
    if (row === undefined || stored === undefined) {
      throw new OpenAIRefusal(
        'response_not_found',
        'response_id',
        `Response with id '${responseId.slice(0, 128)}' not found.`,
      );
    }
    return { row, stored };
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
