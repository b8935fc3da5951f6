import type { ExpressionBuilder, Transaction } from 'kysely';
import type { Schema } from '../../storage/schema.js';
import type { EventPosition } from './early.facts.js';

type Query = Pick<Transaction<Schema>, 'selectFrom'>;

/** The number of the last event of a run; 0: none. */
export async function lastSequenceOf(runId: string, query: Query): Promise<number> {
  const row = await query
    .selectFrom('events')
    .select('last_sequence')
    .where('run_id', '=', runId)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.last_sequence ?? 0;
}

/** The place of what is stored last of a run. */
export async function positionIn(runId: string, query: Query): Promise<EventPosition> {
  const row = await query
    .selectFrom('events')
    .select(['last_sequence', (of) => earlyAfter(of).as('part')])
    .where('run_id', '=', runId)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  return { sequence: row?.last_sequence ?? 0, part: row?.part ?? 0 };
}

/** How many early facts follow the events of a row. */
function earlyAfter(of: ExpressionBuilder<Schema, 'events'>) {
  return of
    .selectFrom('early_facts')
    .select(({ fn }) => fn.max('last_part').as('part'))
    .whereRef('early_facts.run_id', '=', 'events.run_id')
    .whereRef('early_facts.sequence', '=', 'events.last_sequence');
}
