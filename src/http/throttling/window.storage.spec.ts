import { keepQuiet } from '../../../test/support/quiet.js';
import { describeOwnRedis, describeRedis, OwnRedis, Replicas } from '../../../test/support/storage/redis.js';
import { until } from '../../../test/support/until.js';
import { FixedWindowStorage } from './fixed-window.storage.js';
import { RedisWindowStorage } from './redis-window.storage.js';
import type { WindowStorage } from './window.storage.js';

const captured = keepQuiet();

function countsInWindows(open: () => Promise<WindowStorage>): void {
  it('blocks requests beyond the limit for the rest of the window', async () => {
    const storage = await open();
    await storage.increment('a', 60_000, 2);
    const second = await storage.increment('a', 60_000, 2);
    const third = await storage.increment('a', 60_000, 2);
    expect(second).toMatchObject({ totalHits: 2, isBlocked: false });
    expect(third).toMatchObject({ totalHits: 3, isBlocked: true, timeToBlockExpire: 60 });
  });

  it('counts each caller separately', async () => {
    const storage = await open();
    await storage.increment('a', 60_000, 1);
    expect(await storage.increment('b', 60_000, 1)).toMatchObject({ totalHits: 1, isBlocked: false });
  });

  it('resets with the next window', async () => {
    const storage = await open();
    await storage.increment('a', 1000, 1);
    const begin = performance.now();
    expect((await storage.increment('a', 1000, 1)).isBlocked).toBe(true);
    await until('the window is over', async () => !(await storage.increment('a', 1000, 1)).isBlocked, 5000);
    expect(performance.now() - begin).toBeGreaterThan(500);
  });
}

describe('FixedWindowStorage', () => {
  countsInWindows(() => Promise.resolve(new FixedWindowStorage()));
});

describeRedis('RedisWindowStorage', () => {
  let replicas: Replicas;
  beforeEach(() => (replicas = new Replicas()));
  afterEach(() => replicas.remove());

  const add = async () => await RedisWindowStorage.open(await replicas.add());

  countsInWindows(add);

  it('counts the requests of all replicas', async () => {
    const [here, there] = [await add(), await add()];
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 ? here : there).increment('a', 60_000, 5)),
    );
    expect(all.filter(({ isBlocked }) => !isBlocked)).toHaveLength(5);
  });

  it('deletes counters after the window', async () => {
    const redis = await replicas.add();
    const storage = await RedisWindowStorage.open(redis);
    await storage.increment('a', 1500, 1);
    expect(await redis.commands.pttl(`${redis.prefix}limit:a`)).toBeGreaterThan(500);
    expect(await redis.commands.pttl(`${redis.prefix}limit:a`)).toBeLessThanOrEqual(2000);
  });
});

describeOwnRedis('RedisWindowStorage, during outages of Redis', () => {
  it('limits per replica until Redis is back, and logs it once', async () => {
    const redis = await OwnRedis.start();
    const replicas = new Replicas(redis.url);
    try {
      const [connections, other] = [await replicas.add(), await replicas.add()];
      const storage = await RedisWindowStorage.open(connections);
      await storage.increment('a', 60_000, 2);
      await redis.kill();
      const hits = [];
      for (let round = 0; round < 3; round++) hits.push((await storage.increment('a', 60_000, 2)).isBlocked);
      expect(hits).toEqual([false, false, true]);
      expect(captured.warnings.filter((line) => line.includes('Redis rate limiting failed'))).toHaveLength(1);
      await redis.start();
      await until('both are back', () => connections.isConnected && other.isConnected);
      const elsewhere = await RedisWindowStorage.open(other);
      await elsewhere.increment('a', 60_000, 2);
      expect(await storage.increment('a', 60_000, 2)).toMatchObject({ totalHits: 2, isBlocked: false });
    } finally {
      await replicas.remove();
      await redis.kill();
    }
  });
});
