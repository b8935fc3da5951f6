import { Test } from '@nestjs/testing';
import { keepQuiet } from '../../../test/support/quiet.js';
import { describeOwnRedis, describeRedis, OwnRedis, Replicas } from '../../../test/support/storage/redis.js';
import { until } from '../../../test/support/until.js';
import { StorageModuleOptions } from '../storage.options.js';
import { RedisConnections } from './redis.connections.js';
import { SHARED_REDIS } from './shared.redis.js';

const captured = keepQuiet();

describe('RedisConnections', () => {
  it('refuses another kind of URL without printing it', async () => {
    for (const url of ['', 'localhost:6379', 'http://user:secret@127.0.0.1', 'redis://']) {
      await expect(RedisConnections.connect({ url })).rejects.toThrow(/^The URL of Redis must begin with [^@]*$/);
    }
  });
});

describeRedis('the shared Redis', () => {
  it('is separated by its prefix from services whose databases have the same name', async () => {
    const options = { redisUrl: 'redis://127.0.0.1:6379', databaseUrl: 'postgres://host/rookery' };
    const prefixes = [undefined, 'staging'].map(async (redisPrefix) => {
      const value = { provide: StorageModuleOptions, useValue: { ...options, redisPrefix } };
      const module = await Test.createTestingModule({ providers: [SHARED_REDIS, value] }).compile();
      const { prefix } = module.get(RedisConnections);
      await module.close();
      return prefix;
    });
    expect(await Promise.all(prefixes)).toEqual(['rookery:rookery:', 'rookery:staging:']);
  });
});

describeOwnRedis('RedisConnections, during outages of Redis', () => {
  let redis: OwnRedis;
  let replicas: Replicas;
  beforeEach(async () => {
    redis = await OwnRedis.start();
    replicas = new Replicas(redis.url);
  });
  afterEach(async () => {
    await replicas.remove();
    await redis.kill();
  });

  it('reconnects after every outage of Redis, and logs each outage once', async () => {
    const connections = await replicas.add();
    let attempts = 0;
    connections.commands.on('error', () => attempts++);
    for (let outage = 1; outage <= 3; outage++) {
      await redis.kill();
      await until('several attempts were made', () => attempts >= 3 * outage);
      expect(connections.isConnected).toBe(false);
      await expect(connections.commands.get('x')).rejects.toThrow();
      await redis.start();
      await until('it is back', () => connections.isConnected);
    }
    expect(captured.warnings).toHaveLength(3);
  });

  it('rejects pending commands of a released connection, even during an outage', async () => {
    const connections = await replicas.add();
    const patient = connections.open({ enableOfflineQueue: true, maxRetriesPerRequest: null });
    await patient.connect();
    const copy = patient.duplicate();
    await copy.connect();
    await redis.kill();
    await until('it waits for the next attempt', () => [patient, copy].every((one) => one.status === 'reconnecting'));
    const answers = Promise.allSettled([patient.get('x'), copy.get('x')]);
    connections.release(patient);
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect([patient.status, copy.status]).toEqual(['end', 'end']);
  });
});
