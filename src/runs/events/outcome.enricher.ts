import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal.js';
import type { StoredEvent } from './run.events.js';
import { outcomeFrom, type RunOutcome } from './run.outcome.js';
import { eventOf } from './stored.event.js';
import { outcomeOf } from '../run.row.js';
import { RunsRepository } from '../runs.repository.js';

type EventBatches = AsyncIterable<readonly StoredEvent[]>;

/** Formats an outcome for an entry point. */
type OutcomeFormatter = (outcome: RunOutcome) => object;

/** Adds outcomes to event streams, for entry points that return more than the events contain. */
@Injectable()
export class OutcomeEnricher {
  constructor(private readonly runs: RunsRepository) {}

  /** Yields the events with the full outcome in the last one. Omits that one if the run was erased meanwhile. */
  async *withOutcome(
    batches: EventBatches,
    principal: Principal,
    format: OutcomeFormatter,
  ): AsyncGenerator<readonly StoredEvent[]> {
    for await (const batch of batches) {
      const last = batch.at(-1);
      if (last?.type !== 'run.completed') {
        yield batch;
        continue;
      }
      const completed = await this.#completed(last, principal, format);
      const events = [...batch.slice(0, -1), ...completed];
      if (events.length > 0) yield events;
    }
  }

  async #completed(last: StoredEvent, principal: Principal, format: OutcomeFormatter): Promise<StoredEvent[]> {
    const event = eventOf(last);
    if (event.type !== 'run.completed') return [last];
    const row = await this.runs.find(event.run_id, principal);
    if (row === undefined) return [];
    const outcome = outcomeOf(row) ?? outcomeFrom(event.response, row);
    return [{ ...last, data: JSON.stringify({ ...event, response: format(outcome) }) }];
  }
}
