import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal.js';
import { ignoreCodes } from '../../errors/agent.error.js';
import type { Caller } from '../../http/caller.decorator.js';
import { AgentRunnerService } from '../../runs/agent-runner.service.js';
import { accessOf } from '../../runs/reading/run.access.js';
import { isOver } from '../../runs/run.row.js';
import type { StreamCaller } from '../../http/streaming/last-event.decorator.js';
import type { TranscriptMessage } from '../../runs/request/transcript.messages.js';
import { OpenAIRefusal } from '../openai.error.js';
import type { BodyFields } from '../request/body.fields.js';
import { inputItemsOf } from './input.items.js';
import { readInput } from './input.reader.js';
import { resolveReferences, withOldId } from './item.references.js';
import { type FoundResponse, ResponseFinder } from './response.finder.js';
import type { ResponseFold } from './response.fold.js';
import { ReasoningSeal } from './reasoning.seal.js';
import { type ResponseObject, responseIdOf, responseOf } from './response.object.js';
import type { Place } from './response.place.js';
import { type ResponseCaller, type ResponseEvents, ResponseStarter, type StartedResponse } from './response.starter.js';
import { ResponseStream } from './response.stream.js';
import { ResponsesRepository, type StoredResponse } from './responses.repository.js';
import { readItems, readResponseRequest, type ResponseRequest } from './responses.reader.js';

/** How long a cancellation waits for the replica that has the run. */
const CANCEL_LIMIT_MS = 5000;

/** Creates responses from runs, and reads, cancels and deletes them. */
@Injectable()
export class ResponsesService {
  constructor(
    private readonly runner: AgentRunnerService,
    private readonly finder: ResponseFinder,
    private readonly responses: ResponsesRepository,
    private readonly streams: ResponseStream,
    private readonly starter: ResponseStarter,
    private readonly seal: ReasoningSeal,
  ) {}

  /** Reads a request. @throws OpenAIRefusal also if it refers to an item that does not exist. */
  async read(body: BodyFields, principal: Principal): Promise<ResponseRequest> {
    return readResponseRequest(body, await this.resolve(readItems(body), principal), this.seal.of(principal.tenant));
  }

  /** The messages for a response that follows, with the reasoning. */
  continuationOf({ items }: ResponseFold, { tenant }: Principal): readonly TranscriptMessage[] {
    return readInput(items, this.seal.of(tenant));
  }

  /** Replaces references to items of earlier responses. @throws OpenAIRefusal if one does not exist. */
  async resolve(items: readonly unknown[], principal: Principal): Promise<readonly unknown[]> {
    return await resolveReferences(items, async (runId) => {
      const found = await this.finder.find(responseIdOf(runId), accessOf(principal));
      if (found === undefined) return [];
      const { output } = await this.#responseOf(found, principal, true);
      return [...inputItemsOf(found.stored), ...output.map((item, index) => withOldId(item, runId, index)), ...output];
    });
  }

  /** Creates a response and waits for it, unless it is in the background. @throws AgentError if its run fails. */
  async create(request: ResponseRequest, caller: ResponseCaller) {
    const { fold, events, isReplayed } = await this.starter.start(request, caller, { unread: 'cancel' });
    if (request.echo.background) {
      const { id } = fold.response;
      const response = isReplayed ? await this.get(id, caller.principal, true) : fold.response;
      return { response, isReplayed };
    }
    for await (const _ of events) continue;
    if (fold.failure) throw fold.failure;
    return { response: fold.response, isReplayed };
  }

  /**
   * Creates a response and returns its events.
   *
   * @param place where it continues. Default: where the request says.
   * @throws AgentError if its run is refused.
   */
  async stream(request: ResponseRequest, caller: ResponseCaller, place?: Place): Promise<StartedResponse> {
    return await this.starter.start(request, caller, { place });
  }

  /**
   * @param includesReasoning reasoning items have their encrypted content. Default: they have not.
   * @throws OpenAIRefusal `response_not_found`
   */
  async get(responseId: string, principal: Principal, includesReasoning = false): Promise<ResponseObject> {
    return await this.#responseOf(await this.#find(responseId, principal), principal, includesReasoning);
  }

  /** The events of a response. */
  async follow(
    responseId: string,
    { principal, signal }: Pick<StreamCaller, 'principal' | 'signal'>,
    includesReasoning: boolean,
  ): Promise<ResponseEvents> {
    const { stored } = await this.#find(responseId, principal);
    const events = await this.runner.follow(stored.runId, { principal, signal, earlyFacts: true });
    const fold = this.streams.fold(stored, principal, includesReasoning);
    return this.streams.translate(fold, { batches: events ?? nothing() }, principal);
  }

  /**
   * Cancels a response in the background, and waits up to 5 s for its end. A response that is over stays as it is.
   * @throws OpenAIRefusal `response_not_found`, or `invalid_value` if it is not in the background.
   */
  async cancel(responseId: string, principal: Principal): Promise<ResponseObject> {
    const { stored } = await this.#find(responseId, principal);
    if (!stored.echo.background) {
      throw new OpenAIRefusal('invalid_value', 'response_id', 'Only a response in the background can be cancelled.');
    }
    await this.runner.cancel(stored.runId, principal).catch(ignoreCodes('task_already_finished'));
    // Clients read the status from this answer.
    const signal = AbortSignal.timeout(CANCEL_LIMIT_MS);
    const events = await this.runner.follow(stored.runId, { principal, signal });
    for await (const _ of events ?? []) continue;
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

  async #responseOf(
    { row, stored }: FoundResponse,
    principal: Principal,
    includesReasoning: boolean,
  ): Promise<ResponseObject> {
    const { runId, echo } = stored;
    if (!isOver(row)) {
      return responseOf(runId, echo, { status: row.status === 'queued' ? 'queued' : 'in_progress', output: [] });
    }
    const fold = this.streams.fold(stored, principal, includesReasoning);
    const events = await this.runner.follow(runId, { principal, earlyFacts: true });
    if (events) for await (const _ of this.streams.translate(fold, { batches: events }, principal)) continue;
    return fold.response;
  }

  async #find(responseId: string, principal: Principal): Promise<FoundResponse> {
    const found = await this.finder.find(responseId, accessOf(principal));
    if (found) return found;
    const detail = `Response with id '${responseId.slice(0, 128)}' not found.`;
    throw new OpenAIRefusal('response_not_found', 'response_id', detail);
  }
}

async function* nothing(): AsyncGenerator<never> {
  // A run that is over and has no events.
}
