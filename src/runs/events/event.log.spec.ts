import { sql } from 'kysely';
import { Databases, insertRun } from '../../../test/support/storage/databases.js';
import { stores } from '../../../test/support/storage/stores.js';
import { until } from '../../../test/support/until.js';
import { DatabaseUnavailableError } from '../../storage/database.unavailable.js';
import { LocalPubSub } from '../../storage/pubsub/local.pubsub.js';
import { EventLog } from './event.log.js';
import { type StoredEvent, serializeEvent } from './run.events.js';

const { jest } = import.meta;

const RUN = 'run';
/** The reader waits by timeouts. */
const ALL_BUT_TIMEOUTS = [
  'nextTick',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'Date',
  'performance',
] as const;
const numbered = (...sequences: number[]): StoredEvent[] =>
  sequences.map((sequence) => serializeEvent(RUN, sequence, { type: 'message.delta', delta: `${sequence}` }));
const last = (sequence: number): StoredEvent =>
  serializeEvent(RUN, sequence, { type: 'run.cancelled', reason: 'over' });

describe.each(stores)('EventLog on $name', (store) => {
  const databases = new Databases(store);
  afterEach(() => databases.remove());

  async function open() {
    const database = await databases.open();
    await insertRun(database, RUN);
    const log = new EventLog(database, new LocalPubSub());
    const storeAll = (events: readonly StoredEvent[]) =>
      database.write((transaction) => log.store(RUN, events, transaction));
    return { database, log, storeAll };
  }

  it('reads events that its notifications omit, even behind unread ones', async () => {
    const { log, storeAll } = await open();
    const batches = log.follow(RUN, 0, { isNew: true });
    const first = batches.next();
    await storeAll(numbered(1));
    log.publish(RUN, numbered(1));
    const { value = [] } = await first;
    expect(value).toHaveLength(1);
    for (const events of [numbered(2), numbered(3), numbered(4), [last(5)]]) await storeAll(events);
    log.publish(RUN, numbered(2));
    log.publish(RUN, numbered(4));
    log.publish(RUN, [last(5)]);

    const rest = (await Array.fromAsync(batches)).flat();

    expect(rest.map(({ sequence }) => sequence)).toEqual([2, 3, 4, 5]);
  });

  it('reads nothing for a new run whose events all arrive', async () => {
    const { database, log, storeAll } = await open();
    const select = jest.spyOn(database.query, 'selectFrom');
    const batches = Array.fromAsync(log.follow(RUN, 0, { isNew: true }));
    for (const events of [numbered(1), [last(2)]]) {
      await storeAll(events);
      log.publish(RUN, events);
    }
    expect((await batches).flat()).toHaveLength(2);
    expect(select).not.toHaveBeenCalled();
    select.mockRestore();
  });

  it('yields no event twice', async () => {
    const { log, storeAll } = await open();
    await storeAll(numbered(1, 2));
    const batches = log.follow(RUN, 0);
    const first = batches.next();
    log.publish(RUN, numbered(1, 2));
    await storeAll([last(3)]);
    log.publish(RUN, [last(3)]);
    const { value = [] } = await first;
    const all: StoredEvent[] = [...value, ...(await Array.fromAsync(batches)).flat()];
    expect(all.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });

  it('continues after any event, even within a batch', async () => {
    const { log, storeAll } = await open();
    for (const events of [numbered(1, 2, 3), numbered(4), [...numbered(5, 6), last(7)]]) await storeAll(events);
    for (const after of [0, 1, 2, 3, 4, 5, 6]) {
      const events = (await Array.fromAsync(log.follow(RUN, after))).flat();
      expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7].slice(after));
    }
  });

  it('fails a first read while the database is away, but continues a later one', async () => {
    const { database, log, storeAll } = await open();
    await storeAll(numbered(1));
    const select = jest.spyOn(database.query, 'selectFrom');
    const isAway = () =>
      select.mockImplementationOnce(() => {
        throw new DatabaseUnavailableError(new Error('on purpose'));
      });
    isAway();
    await expect(log.follow(RUN, 0).next()).rejects.toMatchObject({ code: 'storage_unavailable' });

    const batches = log.follow(RUN, 0);
    const { value = [] } = await batches.next();
    await storeAll([last(2)]);
    isAway();
    const rest = (await Array.fromAsync(batches)).flat();
    select.mockRestore();
    expect([...value, ...rest].map(({ sequence }) => sequence)).toEqual([1, 2]);
  });

  it('yields stored events first and then live ones, without a gap or a repetition', async () => {
    const { log, storeAll } = await open();
    await storeAll(numbered(1, 2));
    const followed: number[] = [];
    for await (const events of log.follow(RUN, 0)) {
      followed.push(...events.map(({ sequence }) => sequence));
      const next = followed.length + 1;
      if (next > 5) continue;
      // Published twice: as the message of its writer may cross the reader's own read.
      const event = next === 5 ? last(next) : numbered(next)[0];
      if (event === undefined) throw new Error('unreachable');
      await storeAll([event]);
      log.publish(RUN, [event]);
      log.publish(RUN, [event]);
    }
    expect(followed).toEqual([1, 2, 3, 4, 5]);
  });

  it('ends when the signal aborts, before and during the wait', async () => {
    const { log, storeAll } = await open();
    await storeAll(numbered(1));
    expect(await Array.fromAsync(log.follow(RUN, 0, { signal: AbortSignal.abort() }))).toEqual([]);
    const reader = new AbortController();
    const batches = log.follow(RUN, 0, { signal: reader.signal });
    expect((await batches.next()).value).toHaveLength(1);
    const next = batches.next();
    reader.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it('continues the numbers of a run that no process holds', async () => {
    const { database, log, storeAll } = await open();
    expect(await log.lastSequence(RUN)).toBe(0);
    await storeAll(numbered(1, 2));
    const stored = await database.write((transaction) =>
      log.storeNext(RUN, { type: 'run.cancelled', reason: 'over' }, transaction),
    );
    expect(stored).toMatchObject({ sequence: 3, isFinal: true });
    expect(await log.lastSequence(RUN)).toBe(3);
  });

  it('reads the events of a silent run each five seconds on PostgreSQL, and never on SQLite', async () => {
    const { database, log, storeAll } = await open();
    await storeAll(numbered(1));
    const select = jest.spyOn(database.query, 'selectFrom');
    jest.useFakeTimers({ doNotFake: [...ALL_BUT_TIMEOUTS] });
    const reader = new AbortController();
    const silent = log.follow(RUN, 1, { signal: reader.signal }).next();
    const reads = async (): Promise<number> => {
      for (let turn = 0; turn < 20; turn++) await sql`select 1`.execute(database.query);
      const count = select.mock.calls.length;
      select.mockClear();
      return count;
    };
    // It reads twice, because it has just subscribed: the events, then whether the run exists.
    await until('the reader waits', () => select.mock.calls.length === 4);
    expect(await reads()).toBe(4);
    if (store.name === 'postgres') await until('it has set its timer', () => jest.getTimerCount() > 0);
    jest.advanceTimersByTime(4900);
    expect(await reads()).toBe(0);
    jest.advanceTimersByTime(200);
    expect((await reads()) > 0).toBe(store.name === 'postgres');
    jest.useRealTimers();
    reader.abort();
    await silent;
    select.mockRestore();
  });

  it('ends for a run that no longer exists', async () => {
    const { database, log } = await open();
    const batches = log.follow(RUN, 0);
    const ended = Array.fromAsync(batches);
    await database.write((transaction) => transaction.deleteFrom('runs').where('run_id', '=', RUN).execute());
    log.publishGap(RUN);
    expect(await ended).toEqual([]);
  });
});
