import { setTimeout as sleep } from 'node:timers/promises';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { RunTable, Schema } from '../../storage/schema.js';

/** Rows of messages per read. On SQLite the event loop stands still for about a millisecond. */
const MESSAGES = 500;
/** Runs per read. A run may have a hundred rows of events. */
const RUNS = 20;
/** The tables with texts of runs, each with the columns that have them. */
const TABLES = [
  ['events', 'body'],
  ['early_facts', 'body'],
  ['steps', 'body'],
  ['openai_responses', 'echo', 'input'],
] as const;
/** It rests so many times as long as it has read. */
const PAUSE = 4;
const MAX_PAUSE_MS = 1000;

type RunKey = Pick<RunTable, 'session_id' | 'created_at' | 'run_id'>;

/**
 * Adds up the bytes of the texts in all messages, runs, events, steps and responses of a tenant. Reads little at once, then rests.
 *
 * @param signal ends it with its reason.
 */
export async function measureTenant(query: Kysely<Schema>, tenant: string, signal: AbortSignal): Promise<number> {
  let total = 0;
  for (const sizes of [sizesOfMessages(query, tenant), sizesOfRuns(query, tenant)]) {
    let startedMs = performance.now();
    for await (const bytes of sizes) {
      total += bytes;
      const pauseMs = Math.min(MAX_PAUSE_MS, Math.ceil(PAUSE * (performance.now() - startedMs)));
      await sleep(pauseMs, undefined, { signal });
      startedMs = performance.now();
    }
  }
  return total;
}

async function* sizesOfMessages(query: Kysely<Schema>, tenant: string): AsyncGenerator<number> {
  const bytes = bytesIn('content', 'parts', 'tool_calls', 'provider_data', 'reasoning').as('bytes');
  for (let after = { session_id: '', position: -1 }; ;) {
    const rows = await query
      .selectFrom('messages')
      .select(['session_id', 'position', bytes])
      .where('tenant', '=', tenant)
      .where((row) => row(row.refTuple('session_id', 'position'), '>', row.tuple(after.session_id, after.position)))
      .orderBy('session_id')
      .orderBy('position')
      .limit(MESSAGES)
      .execute();
    yield sumOf(rows);
    const last = rows.at(-1);
    if (last === undefined || rows.length < MESSAGES) return;
    after = last;
  }
}

async function* sizesOfRuns(query: Kysely<Schema>, tenant: string): AsyncGenerator<number> {
  const bytes = bytesIn('request', 'metadata', 'outcome', 'response', 'timeline').as('bytes');
  for (let after: RunKey = { session_id: '', created_at: -1, run_id: '' }; ;) {
    const rows = await query
      .selectFrom('runs')
      .select(['session_id', 'created_at', 'run_id', bytes])
      .where('tenant', '=', tenant)
      .where((row) =>
        row(
          row.refTuple('session_id', 'created_at', 'run_id'),
          '>',
          row.tuple(after.session_id, after.created_at, after.run_id),
        ),
      )
      .orderBy('session_id')
      .orderBy('created_at')
      .orderBy('run_id')
      .limit(RUNS)
      .execute();
    const last = rows.at(-1);
    if (last === undefined) return;
    const ids = rows.map(({ run_id }) => run_id);
    let total = sumOf(rows);
    for (const [table, ...columns] of TABLES) {
      const bodies = await query
        .selectFrom(table)
        .select(bytesIn(...columns).as('bytes'))
        .where('run_id', 'in', ids)
        .execute();
      total += sumOf(bodies);
    }
    yield total;
    if (rows.length < RUNS) return;
    after = last;
  }
}

/** The bytes of the texts of a row. Neither database reads long texts for that. */
function bytesIn(...columns: readonly string[]): RawBuilder<number> {
  const sizes = columns.map((column) => sql`coalesce(octet_length(${sql.ref(column)}), 0)`);
  return sql<number>`${sql.join(sizes, sql` + `)}`;
}

function sumOf(rows: readonly { readonly bytes: number }[]): number {
  return rows.reduce((sum, { bytes }) => sum + bytes, 0);
}
