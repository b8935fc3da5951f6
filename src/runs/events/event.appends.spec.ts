import { sql } from 'kysely';
import { Databases } from '../../../test/support/storage/databases.js';
import { stores } from '../../../test/support/storage/stores.js';
import type { Database } from '../../storage/database.js';
import { afterEarly, earlyFacts } from './early.facts.js';
import { EventAppends, type EventSource } from './event.appends.js';
import { serializeEvent } from './run.events.js';
import { newRow } from '../run.row.js';

describe.each(stores)('events of concurrent runs, on $name', (store) => {
  const databases = new Databases(store);
  let database: Database;
  let appends: EventAppends;

  beforeAll(async () => {
    database = await databases.open();
    appends = new EventAppends(database, () => true);
  });

  afterAll(() => databases.remove());

  it('are stored in order, for current attempts only', async () => {
    const [mine, lost, over] = [await begin('mine', 2), await begin('lost', 2), await begin('over', 1, 'completed')];
    const stored = await Promise.all([
      appendDeltas(mine, 'one', 'two'),
      appendDeltas({ ...lost, attempt: 1 }, 'late'),
      appendDeltas(over, 'late'),
    ]);
    expect(stored).toEqual([true, false, false]);
    expect(await rows()).toEqual([{ run_id: 'mine', sequence: 1, last_sequence: 2 }]);
  });

  it('are distinguished by attempt', async () => {
    const source = await begin('twice', 2);
    const stored = await Promise.all([appendDeltas({ ...source, attempt: 1 }, 'late'), appendDeltas(source, 'now')]);
    expect(stored).toEqual([false, true]);
  });

  it('are stored even if one of them repeats a sequence number', async () => {
    const [first, second] = [await begin('first', 1), await begin('second', 1)];
    await appendDeltas(first, 'taken');
    const stored = await Promise.allSettled([appendDeltas(first, 'again'), appendDeltas(second, 'new')]);
    expect(stored.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect((await rows()).filter(({ run_id }) => run_id === 'second')).toHaveLength(1);
  });

  it('include those that arrive before the write', async () => {
    const [early, late] = [await begin('early', 1), await begin('late', 1)];
    const events = [eventOf(late, 1, 'one')];
    const stored = Promise.all([appendDeltas(early, 'one'), appends.append(late, () => events)]);
    events.push(eventOf(late, 2, 'two'));
    expect(await stored).toEqual([true, true]);
    expect((await rows()).find(({ run_id }) => run_id === 'late')?.last_sequence).toBe(2);
  });

  // On SQLite nothing comes between two statements of a transaction.
  if (store.name === 'postgres') {
    it.each([
      { after: 'early_facts', stored: ['early_facts'] },
      { after: 'events', stored: ['early_facts', 'events'] },
    ])('are never stored without their early facts if the run is claimed after its $after', async (claim) => {
      const { after, stored } = claim;
      const others = await begin(`others-${after}`, 1);
      const source = await begin(`claimed-${after}`, 1);
      await claimAfter(after, source.id);
      const early = earlyFacts({ sequence: 0, part: 1 }, [{ type: 'reasoning.delta', turn: 1, text: 'Hm' }]);
      const events = [early, afterEarly(eventOf(source, 1, 'one'), 1)];
      const isMine = await Promise.all([appendDeltas(others, 'one'), appends.append(source, () => events)]);
      expect(isMine).toEqual([true, stored.includes('events')]);
      for (const table of ['early_facts', 'events'] as const) {
        const found = await database.query.selectFrom(table).select('run_id').where('run_id', '=', source.id).execute();
        expect(found).toHaveLength(stored.includes(table) ? 1 : 0);
      }
    });
  }

  /** Claims the run as soon as a row of it is in the table. */
  async function claimAfter(table: string, id: string): Promise<void> {
    const name = sql.id(`claim_after_${table}`);
    await database.write(async (transaction) => {
      await sql`create function ${name}() returns trigger language plpgsql as
        'begin update runs set attempt = 2 where run_id = new.run_id; return null; end'`.execute(transaction);
      await sql`create trigger ${name} after insert on ${sql.table(table)} for each row
        when (new.run_id = ${sql.lit(id)}) execute function ${name}()`.execute(transaction);
    });
  }

  function appendDeltas(source: EventSource, ...deltas: readonly string[]): Promise<boolean> {
    const events = deltas.map((delta, index) => eventOf(source, index + 1, delta));
    return appends.append(source, () => events);
  }

  async function begin(id: string, attempt: number, status: 'running' | 'completed' = 'running'): Promise<EventSource> {
    const row = newRow({
      run_id: id,
      tenant: 'default',
      session_id: id,
      agent_role: 'assistant',
      kind: 'task',
      status,
      attempt,
      owner: null,
      caller: '',
      request_id: '',
      model: '',
      created_at: 1,
      started_at: 1,
    });
    await database.write(async (transaction) => void (await transaction.insertInto('runs').values(row).execute()));
    return { id, attempt };
  }

  function rows() {
    return database.query
      .selectFrom('events')
      .select(['run_id', 'sequence', 'last_sequence'])
      .orderBy('run_id')
      .execute();
  }
});

function eventOf({ id }: EventSource, sequence: number, delta: string) {
  return serializeEvent(id, sequence, { type: 'message.delta', delta });
}
