import type { Transaction } from 'kysely';
import { Gate } from '../../test/support/until.js';
import { takeThrownRefusals } from '../../test/support/jest/thrown.refusals.js';
import { RequestScope } from '../async/request.scope.js';
import { AgentError } from '../errors/agent.error.js';
import { DatabaseUnavailableError } from './database.unavailable.js';
import type { Durability, Work } from './engine.js';
import { Later } from './later.js';
import type { Schema } from './schema.js';
import { WriteQueue } from './write.queue.js';

const { jest } = import.meta;

/** Runs the writes of a group, and commits them with the outcome that the test sets. */
class PretendedEngine {
  readonly groups: { durability: Durability; works: number }[] = [];
  /** The errors of the next commits, in turn. */
  readonly faults: (Error | undefined)[] = [];
  /** All transactions, including failed ones. */
  begun = 0;
  #works = 0;

  async transact(durability: Durability, work: Work<void>): Promise<void> {
    this.#works = 0;
    this.begun++;
    await work(none);
    this.groups.push({ durability, works: this.#works });
    const fault = this.faults.shift();
    if (fault) throw fault;
  }

  count(): void {
    this.#works++;
  }
}

/** Writes that touch no table need no transaction. */
const none: Transaction<Schema> = Object.create(null);

let engine: PretendedEngine;
let writes: WriteQueue;
let calls: string[];

/** A write that records each try. */
const write = (name: string, durability: Durability = 'disk'): Promise<string> =>
  writes.add(() => {
    engine.count();
    calls.push(name);
    return Promise.resolve(name);
  }, durability);

/** A write that throws on each try. */
const bad = (name: string, reason: Error): Promise<string> =>
  writes.add(() => {
    calls.push(name);
    return Promise.reject(reason);
  }, 'disk');

const statusesOf = async (promises: readonly Promise<unknown>[]): Promise<string[]> =>
  (await Promise.allSettled(promises)).map(({ status }) => status);

beforeEach(() => {
  engine = new PretendedEngine();
  writes = new WriteQueue(engine);
  calls = [];
});

describe('WriteQueue', () => {
  it('groups the writes of one tick', async () => {
    expect(await Promise.all(['a', 'b', 'c'].map((name) => write(name)))).toEqual(['a', 'b', 'c']);
    expect(engine.groups).toEqual([{ durability: 'disk', works: 3 }]);
  });

  it('commits a later result once it is there', async () => {
    const answer = Promise.withResolvers<string>();
    const later = writes.add(() => Promise.resolve(new Later(answer.promise)), 'disk');
    const next = write('a');
    await new Promise((resolve) => setImmediate(resolve));
    expect(engine.groups).toEqual([]);
    answer.resolve('late');
    expect(await Promise.all([later, next])).toEqual(['late', 'a']);
    expect(engine.groups).toHaveLength(1);
  });

  it('rejects a write whose later result fails', async () => {
    const reason = new Error('broken');
    const ends = await Promise.allSettled([
      writes.add(() => Promise.resolve(new Later(Promise.reject(reason))), 'disk'),
      write('a'),
    ]);
    expect(ends).toEqual([
      { status: 'rejected', reason },
      { status: 'fulfilled', value: 'a' },
    ]);
  });

  it('limits a group to 500 writes', async () => {
    const names = Array.from({ length: 1201 }, (_, index) => `${index}`);
    expect(await Promise.all(names.map((name) => write(name)))).toEqual(names);
    expect(engine.groups.map(({ works }) => works)).toEqual([500, 500, 201]);
    expect(calls).toEqual(names);
  });

  it('commits one group at a time, and groups later writes', async () => {
    const commit = Promise.withResolvers<void>();
    const first = writes.add(() => commit.promise, 'disk');
    await new Promise((resolve) => setImmediate(resolve));
    const later = [write('a')];
    await new Promise((resolve) => setImmediate(resolve));
    later.push(write('b'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(calls).toEqual([]);

    commit.resolve();
    await Promise.all([first, ...later]);
    expect(engine.groups.map(({ works }) => works)).toEqual([0, 2]);
  });

  it('runs writes with a lock last in their group, ordered by lock', async () => {
    const locking = (name: string, lock: string): Promise<unknown> =>
      writes.add(() => Promise.resolve(calls.push(name)), 'disk', { lock });
    await Promise.all([locking('b1', 'b'), write('x'), locking('a', 'a'), write('y'), locking('b2', 'b')]);
    expect(calls).toEqual(['x', 'y', 'a', 'b1', 'b2']);
    expect(engine.groups).toHaveLength(1);
  });

  it('commits a write alone if it asks for that, in the order of the calls', async () => {
    const alone = (name: string): Promise<unknown> =>
      writes.add(
        () => {
          engine.count();
          return Promise.resolve(calls.push(name));
        },
        'disk',
        { isAlone: true },
      );
    await Promise.all([write('a'), write('b'), alone('c'), alone('d'), write('e'), write('f')]);
    expect(calls).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(engine.groups.map(({ works }) => works)).toEqual([2, 1, 1, 2]);
  });

  it('uses the strongest durability that a group requests', async () => {
    await Promise.all([write('a', 'process'), write('b', 'process')]);
    await Promise.all([write('a', 'process'), write('b', 'disk'), write('c', 'process')]);
    expect(engine.groups.map(({ durability }) => durability)).toEqual(['process', 'disk']);
  });

  it('retries each write alone, in order, if the commit of a group is refused', async () => {
    engine.faults.push(new Error('refused'), undefined, new Error('refused alone'));
    const tried = ['a', 'b', 'c'].map((name) => write(name));
    expect(await statusesOf(tried)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await expect(tried[1]).rejects.toThrow('refused alone');
    expect(calls).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
  });

  it('retries nothing if the database fails at the commit, which may have succeeded', async () => {
    const cause = new DatabaseUnavailableError('gone');
    engine.faults.push(cause);
    const tried = ['a', 'b', 'c'].map((name) => write(name));
    expect(await statusesOf(tried)).toEqual(['rejected', 'rejected', 'rejected']);
    for (const outcome of tried) await expect(outcome).rejects.toBe(cause);
    expect(calls).toEqual(['a', 'b', 'c']);
  });

  it('fails the rest of a group at once if the database fails', async () => {
    engine.faults.push(new Error('refused'), undefined, new DatabaseUnavailableError('gone'));
    expect(await statusesOf(['a', 'b', 'c', 'd'].map((name) => write(name)))).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'rejected',
    ]);
    expect(calls).toEqual(['a', 'b', 'c', 'd', 'a', 'b']);
  });

  it('commits the writes before and after an invalid one in two groups, in order', async () => {
    const tried = [write('a'), write('b'), bad('c', new Error('bad')), write('d'), write('e')];
    expect(await statusesOf(tried)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(calls).toEqual(['a', 'b', 'c', 'a', 'b', 'c', 'd', 'e']);
    expect(engine.groups.map(({ works }) => works)).toEqual([2, 2]);
    expect(engine.begun).toBe(4);
  });

  it('needs few transactions for some invalid writes among many', async () => {
    const tried = Array.from({ length: 500 }, (_, index) =>
      index % 100 === 50 ? bad(`${index}`, new Error('bad')) : write(`${index}`),
    );
    const statuses = await statusesOf(tried);
    expect(statuses.flatMap((status, index) => (status === 'rejected' ? [index] : []))).toEqual([
      50, 150, 250, 350, 450,
    ]);
    // For each bad write: the group that it rolls back, the writes before it, and itself.
    expect(engine.begun).toBe(5 * 3 + 1);
  });

  it('does not count a thrown refusal as a failure, and reports it', async () => {
    const refusal = new AgentError('session_busy');
    await expect(bad('a', refusal)).rejects.toBe(refusal);
    expect(writes.isFailing).toBe(false);
    engine.faults.push(new Error('disk is full'));
    await expect(write('b')).rejects.toThrow('disk is full');
    await expect(bad('c', refusal)).rejects.toBe(refusal);
    expect(writes.isFailing).toBe(true);
    expect(takeThrownRefusals()).toEqual([refusal, refusal]);
  });

  it('continues after a failure, and reports it until a group is committed', async () => {
    engine.faults.push(new Error('refused'));
    await expect(write('a')).rejects.toThrow('refused');
    expect(writes.isFailing).toBe(true);
    await write('b');
    expect(writes.isFailing).toBe(false);
  });

  describe('in a request with a time limit', () => {
    const late = new Error('late');
    const inRequest = <T>(work: () => Promise<T>): Promise<T> =>
      RequestScope.run({ timeoutMs: 1000, reason: () => late }, work);
    /** A write that waits for the test. */
    const slow = (name: string, begun: Gate, gate: Gate): Promise<void> =>
      writes.add(async () => {
        calls.push(name);
        begun.open();
        await gate.opened;
      }, 'disk');

    beforeEach(() => void jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] }));
    afterEach(() => void jest.useRealTimers());

    it('refuses a write whose group has not begun, and one that is added later', async () => {
      const [begun, gate] = [new Gate(), new Gate()];
      const other = slow('other', begun, gate);
      await begun.opened;
      let repeated: Promise<string> | undefined;
      const request = inRequest(() => write('a').catch(() => (repeated = write('again'))));
      jest.advanceTimersByTime(1000);
      await expect(request).rejects.toBe(late);
      gate.open();
      await other;
      await write('b');
      await expect(repeated).rejects.toBe(late);
      expect(calls).toEqual(['other', 'b']);
    });

    it('rolls back a write whose limit passes before its commit, and commits its group without it', async () => {
      const [begun, gate] = [new Gate(), new Gate()];
      const tried = [write('a'), inRequest(() => slow('late', begun, gate)), write('b')];
      await begun.opened;
      jest.advanceTimersByTime(1000);
      await expect(tried[1]).rejects.toBe(late);
      gate.open();
      expect(await statusesOf(tried)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(calls).toEqual(['a', 'late', 'b', 'a', 'b']);
      expect(engine.groups.map(({ works }) => works)).toEqual([2]);
      expect(writes.isFailing).toBe(false);
    });

    it('waits for the others of a group that was rolled back', async () => {
      const [begun, gate] = [new Gate(), new Gate()];
      const tries = [new Gate(), new Gate()];
      const first = inRequest(() => slow('first', begun, gate));
      const second = RequestScope.run({ timeoutMs: 2000, reason: () => late }, () =>
        writes.add(async () => {
          calls.push('second');
          await tries[calls.length - 2]?.opened;
        }, 'disk'),
      );
      await begun.opened;
      jest.advanceTimersByTime(1000);
      gate.open();
      tries[0]?.open();
      await expect(first).rejects.toBe(late);
      while (calls.length < 3) await new Promise((resolve) => setImmediate(resolve));
      jest.advanceTimersByTime(1000);
      tries[1]?.open();
      await second;
      expect(calls).toEqual(['first', 'second', 'second']);
    });

    it('waits for a commit that has begun', async () => {
      const [begun, gate] = [new Gate(), new Gate()];
      const commit = engine.transact.bind(engine);
      engine.transact = async (durability, work) => {
        await commit(durability, work);
        begun.open();
        await gate.opened;
      };
      const request = inRequest(() => write('a'));
      await begun.opened;
      jest.advanceTimersByTime(1000);
      gate.open();
      expect(await request).toBe('a');
    });

    it('runs the writes of others outside of it', async () => {
      const scopes: (RequestScope | undefined)[] = [];
      const note = (): Promise<void> => {
        scopes.push(RequestScope.current);
        return Promise.resolve();
      };
      await Promise.all([inRequest(() => writes.add(note, 'disk')), writes.add(note, 'disk')]);
      expect(scopes).toEqual([undefined, undefined]);
    });
  });
});
