import { Databases, insertRun } from '../../../test/support/storage/databases.js';
import { stores } from '../../../test/support/storage/stores.js';
import { LocalPubSub } from '../../storage/pubsub/local.pubsub.js';
import { PubSub } from '../../storage/pubsub/pubsub.js';
import { ReplicaLevels } from '../recovery/replica.levels.js';
import { EventLog } from './event.log.js';
import { EventWriter } from './event.writer.js';
import type { StoredEvent } from './run.events.js';
import type { RunFact } from './run.facts.js';

const piece = (text: string): RunFact => ({ type: 'reasoning.delta', turn: 1, text });
const OVER = { type: 'run.cancelled', reason: 'over' } as const;
const say = (delta: string) => ({ type: 'message.delta', delta }) as const;

/** A broadcast among replicas that loses the messages that match. */
class LossyPubSub extends PubSub {
  readonly isShared = true;
  readonly isConnected = true;
  loses = /^$/;
  readonly #local = new LocalPubSub();

  publish(topic: string, message: string): void {
    if (!this.loses.test(message)) this.#local.publish(topic, message);
  }

  subscribe(...subscription: Parameters<PubSub['subscribe']>): () => void {
    return this.#local.subscribe(...subscription);
  }

  onReconnect(): () => void {
    return this.#local.onReconnect();
  }
}

/** The events, shortly: early facts in parentheses. */
function shown(events: readonly StoredEvent[]): string {
  const texts = events.map(({ sequence, type, data, facts = [] }) => {
    if (type === 'facts') return `(${sequence} ${facts.map((fact) => ('text' in fact ? fact.text : '')).join()})`;
    return `${sequence} ${JSON.parse(data).delta ?? type}`;
  });
  return texts.join(' ');
}

describe.each(stores)('the early facts of a run on $name', (store) => {
  const databases = new Databases(store);
  afterAll(() => databases.remove());

  async function open(pubsub = new LossyPubSub()) {
    const database = await databases.open();
    await insertRun(database, 'run');
    await database.write(async (transaction) => {
      await transaction.updateTable('runs').set({ status: 'running', attempt: 1 }).execute();
    });
    const levels = new ReplicaLevels(database);
    await levels.look();
    const log = new EventLog(database, pubsub, levels);
    const fail = (cause: unknown): never => {
      throw cause;
    };
    const write = (at = { sequence: 0, part: 0 }) =>
      new EventWriter({ id: 'run', attempt: 1 }, at, { database, log }, fail);
    const follow = (withEarly: boolean, after = 0, isNew = false) =>
      log.follow('run', after, { withEarly, isNew, signal: AbortSignal.timeout(10_000) });
    const read = async (withEarly: boolean, after = 0) => (await Array.fromAsync(follow(withEarly, after))).flat();
    const end = async (writer: EventWriter) => {
      await writer.flushed();
      const last = writer.finalEvents(OVER);
      await database.write((transaction) => log.store('run', last, transaction));
      log.publish('run', last);
    };
    return { database, levels, log, pubsub, write, follow, read, end };
  }

  it('come between the events, live and stored, and only to readers that ask for them', async () => {
    const { write, follow, read, end } = await open();
    const readers = [true, false].map((withEarly) => Array.fromAsync(follow(withEarly, 0, true)));
    const writer = write();
    writer.emit(say('a'));
    writer.show(piece('x'));
    await writer.flushed();
    writer.show(piece('y'));
    writer.emit(say('b'));
    writer.emit(say('c'));
    writer.show(piece('z'));
    await end(writer);
    const all = '1 a (1 x) (1 y) 2 b 3 c (3 z) 4 run.cancelled';
    const plain = '1 a 2 b 3 c 4 run.cancelled';
    const live = await Promise.all(readers);
    expect(live.map((batches) => shown(batches.flat()))).toEqual([all, plain]);
    expect(shown(await read(true))).toBe(all);
    expect(await read(true)).toEqual(live[0]?.flat());
    expect(shown(await read(false))).toBe(plain);
    expect(shown(await read(true, 1))).toBe('(1 x) (1 y) 2 b 3 c (3 z) 4 run.cancelled');
    expect(shown(await read(true, 3))).toBe('(3 z) 4 run.cancelled');
    // Events that readers have seen before are the same bytes.
    expect((await read(false)).map(({ data }) => data).join()).not.toMatch(/early|facts/);
  });

  it.each([
    ['the first', /"text":"x"/],
    ['the last', /"text":"y"/],
    ['all', /"facts"/],
  ])('are read from the database if their messages are lost: %s', async (_, loses) => {
    const { pubsub, write, follow, end } = await open();
    const reader = Array.fromAsync(follow(true, 0, true));
    const writer = write();
    writer.emit(say('a'));
    await writer.flushed();
    pubsub.loses = loses;
    for (const text of ['x', 'y']) {
      writer.show(piece(text));
      await writer.flushed();
    }
    await end(writer);
    expect(shown((await reader).flat())).toBe('1 a (1 x) (1 y) 2 run.cancelled');
  });

  it('are missed by no reader if their process died before it published them', async () => {
    const { pubsub, log, database, write, follow } = await open();
    const reader = Array.fromAsync(follow(true, 0, true));
    const writer = write();
    writer.emit(say('a'));
    await writer.flushed();
    pubsub.loses = /facts/;
    writer.show(piece('x'));
    await writer.flushed();
    const next = write(await log.position('run'));
    next.emit({ type: 'run.restarted', attempt: 2 });
    next.show(piece('y'));
    await next.flushed();
    const last = await database.write((transaction) => log.storeNext('run', OVER, transaction));
    log.publish('run', [last]);
    expect(shown((await reader).flat())).toBe('1 a (1 x) 2 run.restarted (2 y) 3 run.cancelled');
  });

  it('do not hold up readers before an event of a release that does not count them', async () => {
    const { write, follow, read, end } = await open();
    const reader = Array.fromAsync(follow(true, 0, true));
    const writer = write();
    writer.emit(say('a'));
    writer.show(piece('x'));
    await writer.flushed();
    const older = write({ sequence: 1, part: 0 });
    older.emit({ type: 'run.restarted', attempt: 2 });
    await end(older);
    const all = '1 a (1 x) 2 run.restarted 3 run.cancelled';
    expect(shown((await reader).flat())).toBe(all);
    expect(shown(await read(true))).toBe(all);
  });

  it('are read in pages', async () => {
    const { write, read, end } = await open();
    const writer = write();
    writer.emit(say('a'));
    for (let count = 0; count < 250; count++) {
      writer.show(piece(`${count}`));
      await writer.flushed();
    }
    writer.emit(say('b'));
    await end(writer);
    const events = await read(true);
    expect(events.map(({ part = 0 }) => part)).toEqual([
      0,
      ...Array.from({ length: 250 }, (_, index) => index + 1),
      0,
      0,
    ]);
  });

  it('are stored in one commit with those of other runs', async () => {
    const { database, log, read, write, end } = await open();
    await insertRun(database, 'other');
    await database.write(async (transaction) => {
      await transaction.updateTable('runs').set({ status: 'running', attempt: 1 }).execute();
    });
    const lost: unknown[] = [];
    const foreign = new EventWriter({ id: 'other', attempt: 7 }, { sequence: 4, part: 0 }, { database, log }, (cause) =>
      lost.push(cause),
    );
    const writer = write();
    writer.emit(say('a'));
    foreign.show(piece('not mine'));
    await Promise.all([writer.flushed(), foreign.flushed()]);
    writer.show(piece('x'));
    await writer.flushed();
    await end(writer);
    expect(lost).toHaveLength(1);
    expect(shown(await read(true))).toBe('1 a (1 x) 2 run.cancelled');
    expect(await database.query.selectFrom('early_facts').select('run_id').execute()).toEqual([{ run_id: 'run' }]);
  });

  it('are left out while a replica lives that does not read them', async () => {
    const { database, levels, read, write, end } = await open();
    const row = { replica_id: 'older', heartbeat_at: Date.now(), level: 1 };
    await database.write((transaction) => transaction.insertInto('replicas').values(row).execute());
    await levels.look();
    const writer = write();
    writer.emit(say('a'));
    writer.show(piece('x'));
    writer.add({ type: 'turn.completed', turn: 1, calls: 0 });
    await end(writer);
    const events = await read(true);
    expect(shown(events)).toBe('1 a 2 run.cancelled');
    expect(events.at(-1)?.facts).toEqual([{ type: 'turn.completed', turn: 1, calls: 0 }]);
  });

  it('are erased with their run', async () => {
    const { database, write, end } = await open();
    const writer = write();
    writer.emit(say('a'));
    writer.show(piece('x'));
    await writer.flushed();
    await end(writer);
    const rows = () => database.query.selectFrom('early_facts').select('body').execute();
    expect(await rows()).toHaveLength(1);
    await database.write((transaction) => transaction.deleteFrom('runs').execute());
    expect(await rows()).toEqual([]);
  });
});
