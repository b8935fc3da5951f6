import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal.js';
import type { EventFrame } from './run.events.js';
import { outcomeFrom, type RunOutcome } from './run.outcome.js';
import { eventOf } from './stored.event.js';
import { outcomeOf } from '../run.row.js';
import { RunsRepository } from '../runs.repository.js';

type Frames = AsyncIterable<readonly EventFrame[]>;

/** Formats an outcome for an entry point. */
type Form = (outcome: RunOutcome) => object;

/** Adds outcomes to event streams, for entry points that return more than the events contain. */
@Injectable()
export class RunOutcomes {
  constructor(private readonly runs: RunsRepository) {}

  /** Yields the events with the full outcome in the last one. Omits that one if the run was erased meanwhile. */
  async *within(frames: Frames, principal: Principal, form: Form): AsyncGenerator<readonly EventFrame[]> {
    for await (const batch of frames) {
      const last = batch.at(-1);
      if (last?.type !== 'run.completed') {
        yield batch;
        continue;
      }
      const completed = await this.#completed(last, principal, form);
      const told = [...batch.slice(0, -1), ...completed];
      if (told.length > 0) yield told;
    }
  }

  async #completed(last: EventFrame, principal: Principal, form: Form): Promise<EventFrame[]> {
    const event = eventOf(last);
    if (event.type !== 'run.completed') return [last];
    const row = await this.runs.find(event.run_id, principal);
    if (row === undefined) return [];
    const outcome = outcomeOf(row) ?? outcomeFrom(event.response, row);
    return [{ ...last, data: JSON.stringify({ ...event, response: form(outcome) }) }];
  }
}
