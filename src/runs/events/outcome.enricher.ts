import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal.js';
import { ChatResponse } from '../api/chat-response.dto.js';
import type { StoredEvent } from './run.events.js';
import { outcomeFrom } from './run.outcome.js';
import { eventOf } from './stored.event.js';
import { outcomeOf } from '../run.row.js';
import { RunsRepository } from '../runs.repository.js';

type EventBatches = AsyncIterable<readonly StoredEvent[]>;

/** Adds outcomes to event streams, for entry points that return more than the events contain. */
@Injectable()
export class OutcomeEnricher {
  constructor(private readonly runs: RunsRepository) {}

  /** Yields the events with the full outcome in the last one. Omits that one if the run was erased meanwhile. */
  async *withOutcome(batches: EventBatches, principal: Principal): AsyncGenerator<readonly StoredEvent[]> {
    for await (const batch of batches) {
      const last = batch.at(-1);
      if (last?.type !== 'run.completed') {
        yield batch;
        continue;
      }
      const completed = await this.#completed(last, principal);
      const events = [...batch.slice(0, -1), ...completed];
      if (events.length > 0) yield events;
    }
  }

  async #completed(last: StoredEvent, principal: Principal): Promise<StoredEvent[]> {
    const event = eventOf(last);
    if (event.type !== 'run.completed') return [last];
    const row = await this.runs.find(event.run_id, principal);
    if (row === undefined) return [];
    const response = ChatResponse.from(outcomeOf(row) ?? outcomeFrom(event.response, row));
    return [{ ...last, data: JSON.stringify({ ...event, response }) }];
  }
}
