import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal.js';
import type { AgentError } from '../../errors/agent.error.js';
import type { RunStream } from '../../runs/agent-runner.types.js';
import type { StoredEvent } from '../../runs/events/run.events.js';
import { openAIErrorOf, openAIStatusOf } from '../openai.error.js';
import { RunEnds, type RunEnding } from '../run.ends.js';
import { ReasoningSeal } from './reasoning.seal.js';
import { type ResponseEvent, ResponseFold, type RunEndState } from './response.fold.js';
import type { StoredResponse } from './responses.repository.js';

/** The events of a run, and its completion if this request has begun it. */
export interface RunEvents extends Pick<RunStream, 'completion'> {
  readonly batches: AsyncIterable<readonly StoredEvent[]>;
}

/** Translates the events of runs to those of responses. */
@Injectable()
export class ResponseStream {
  constructor(
    private readonly ends: RunEnds,
    private readonly seal: ReasoningSeal,
  ) {}

  /** Begins the translation of a run. @param isEncryptedShown reasoning items have their encrypted content. */
  fold({ runId, echo }: Pick<StoredResponse, 'runId' | 'echo'>, { tenant }: Principal, isEncryptedShown: boolean) {
    return new ResponseFold(runId, echo, { key: this.seal.of(tenant), isEncryptedShown });
  }

  /**
   * Yields the events of a response. The last one is terminal, unless the reader has to leave a response in the background:
   * another replica continues its stream.
   */
  async *translate(
    fold: ResponseFold,
    { batches, completion }: RunEvents,
    principal: Principal,
  ): AsyncGenerator<readonly ResponseEvent[]> {
    let ready = fold.start();
    // Nothing else may come for long.
    if (fold.isResumable) {
      yield ready;
      ready = [];
    }
    for await (const batch of batches) {
      const events = [...ready, ...fold.next(batch)];
      ready = [];
      const last = batch.at(-1);
      if (last?.isFinal === true) {
        yield [...events, ...fold.end(stateOf(await this.ends.of(last, principal, completion)))];
        return;
      }
      if (events.length > 0) yield events;
    }
    if (!fold.isResumable) yield [...ready, ...fold.end(stateOf(this.ends.interrupted()))];
  }
}

function stateOf(ending: RunEnding): RunEndState {
  if ('failure' in ending) return failed(ending.failure);
  const { outcome, finishedAt } = ending;
  const { usage, finish_reason, pending_calls: calls, output: text } = outcome;
  if (finish_reason !== 'length') return { status: 'completed', usage, finishedAt, calls, text };
  return { status: 'incomplete', incompleteReason: 'max_output_tokens', usage, finishedAt, text };
}

function failed(failure: AgentError): RunEndState {
  const { code, message } = openAIErrorOf(failure, openAIStatusOf(failure.status, failure)).error;
  const status = failure.code === 'run_cancelled' ? 'cancelled' : 'failed';
  return { status, error: { code, message }, failure };
}
