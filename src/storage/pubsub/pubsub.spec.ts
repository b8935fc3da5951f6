import { Logger } from '@nestjs/common';
import { keepQuiet } from '../../../test/support/quiet.js';
import { describeOwnRedis, describeRedis, OwnRedis, Replicas } from '../../../test/support/storage/redis.js';
import { until } from '../../../test/support/until.js';
import type { PubSub } from './pubsub.js';
import { MessageSignature } from './message.signature.js';
import { unpacked } from './pubsub.batch.js';
import { LocalPubSub } from './local.pubsub.js';
import { RedisPubSub } from './redis.pubsub.js';

const { jest } = import.meta;

const captured = keepQuiet();
const SECRET = Buffer.alloc(32, 1);

/** Subscribes and waits until messages of other replicas arrive. */
async function received(broadcast: PubSub, topic: string): Promise<string[]> {
  const messages: string[] = [];
  const opened = new Promise<void>((resolve) => {
    broadcast.subscribe(topic, (message) => messages.push(message), resolve);
  });
  await opened;
  return messages;
}

function deliversWithinAProcess(open: () => Promise<PubSub>): void {
  it('calls the listeners of this replica at once, and once', async () => {
    const broadcast = await open();
    const messages = await received(broadcast, 'a');
    broadcast.publish('a', 'one');
    broadcast.publish('b', 'of another topic');
    expect(messages).toEqual(['one']);
  });

  it('stops calling only a listener that has unsubscribed', async () => {
    const broadcast = await open();
    const messages: string[] = [];
    const listener = (message: string) => messages.push(message);
    const first = broadcast.subscribe('a', listener);
    const second = broadcast.subscribe('a', listener);
    first();
    first();
    broadcast.publish('a', 'one');
    second();
    broadcast.publish('a', 'two');
    expect(messages).toEqual(['one']);
  });

  it('keeps the failure of a listener from the publisher and the other listeners', async () => {
    const log = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const broadcast = await open();
    broadcast.subscribe('a', () => {
      throw new Error('on purpose');
    });
    const messages = await received(broadcast, 'a');
    broadcast.publish('a', 'one');
    expect(messages).toEqual(['one']);
    expect(log).toHaveBeenCalledTimes(1);
  });
}

describe('LocalBroadcast', () => {
  deliversWithinAProcess(() => Promise.resolve(new LocalPubSub()));
});

describeRedis('RedisBroadcast', () => {
  let replicas: Replicas;
  beforeEach(() => (replicas = new Replicas()));
  afterEach(() => replicas.remove());

  const add = async () => new RedisPubSub(await replicas.add(), SECRET);

  deliversWithinAProcess(add);

  it('delivers each message to the other replicas once, in order, with any content', async () => {
    const [here, there] = [await add(), await add()];
    const messages = await received(there, 'a');
    const sent = ['', '3:abc', 'ünï 🐦', '\ud800 half a character', ':', 'x'.repeat(100_000), '{"a":"\\n"}\r\n'];
    for (const message of sent) here.publish('a', message);
    await until('all were received', () => messages.length >= sent.length);
    here.publish('a', 'last');
    await until('the last was received', () => messages.at(-1) === 'last');
    expect(messages).toEqual([...sent.map((message) => message.toWellFormed()), 'last']);
  });

  it('does not deliver its own messages again when they come back from Redis', async () => {
    const [here, there] = [await add(), await add()];
    const messages = await received(here, 'a');
    there.subscribe('a', (message) => message === 'one' && there.publish('a', 'after one'));
    await received(there, 'a');
    here.publish('a', 'one');
    await until('the other replica has answered', () => messages.includes('after one'));
    expect(messages).toEqual(['one', 'after one']);
  });

  it('opens a topic only once messages of others arrive', async () => {
    const [here, there] = [await add(), await add()];
    for (let round = 0; round < 50; round++) {
      const messages = await received(there, `topic-${round}`);
      here.publish(`topic-${round}`, 'x');
      await until('it was received', () => messages.length === 1, 4000);
    }
  });

  it('opens a topic with listeners at once', async () => {
    const there = await add();
    await received(there, 'a');
    const onOpen = jest.fn();
    there.subscribe('a', () => undefined, onOpen);
    expect(onOpen).toHaveBeenCalledTimes(1);
  });

  it('leaves a topic with its last listener', async () => {
    const redis = await replicas.add();
    const broadcast = new RedisPubSub(redis, SECRET);
    const channel = `${redis.prefix}broadcast:a`;
    const count = async () => (await redis.commands.pubsub('NUMSUB', channel))[1];
    const [first, second] = [broadcast.subscribe('a', () => undefined), broadcast.subscribe('a', () => undefined)];
    await until('Redis has it', async () => (await count()) === 1);
    first();
    expect(await count()).toBe(1);
    second();
    await until('Redis no longer has it', async () => (await count()) === 0);
  });

  it('marks only messages with a valid signature as verified, and warns once of others', async () => {
    const connections = await replicas.add();
    const [here, there] = [new RedisPubSub(connections, SECRET), await add()];
    const seen: [string, boolean][] = [];
    const opened = new Promise<void>((resolve) => {
      there.subscribe('a', (message, isVerified) => seen.push([message, isVerified]), resolve);
    });
    await opened;
    const stranger = new RedisPubSub(connections, Buffer.alloc(32, 2));
    stranger.publish('a', 'another secret');
    await until('it was seen', () => seen.length === 1);
    // As the release before publishes: with the id of a replica, without a signature.
    await connections.commands.publish(`${connections.prefix}broadcast:a`, `${'-'.repeat(36)}3:old4:also`);
    here.publish('a', 'signed 🐦');
    await until('all were seen', () => seen.length === 4);
    expect(seen).toEqual([
      ['another secret', false],
      ['old', false],
      ['also', false],
      ['signed 🐦', true],
    ]);
    expect(captured.warnings).toHaveLength(1);
    expect(captured.warnings[0]).toContain('without a valid signature');
  });

  it('signs so that replicas of the release before read the same messages', () => {
    const packed = '3:one0:5:1:two';
    const signed = new MessageSignature(SECRET).sign('channel', packed);
    expect([...unpacked(signed, 0)]).toEqual(['one', '', '1:two']);
  });

  it('does not reach applications with another prefix', async () => {
    const others = new Replicas();
    const stranger = new RedisPubSub(await others.add(), SECRET);
    const [here, there] = [await add(), await add()];
    const [messages, foreign] = [await received(there, 'a'), await received(stranger, 'a')];
    here.publish('a', 'one');
    await until('it was received', () => messages.length === 1);
    stranger.publish('a', 'two');
    expect(foreign).toEqual(['two']);
    await others.remove();
  });
});

describeOwnRedis('RedisBroadcast, during outages of Redis', () => {
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

  it('continues within the replica, logs it once, and reports the gap when Redis is back', async () => {
    const [here, there] = [
      new RedisPubSub(await replicas.add(), SECRET),
      new RedisPubSub(await replicas.add(), SECRET),
    ];
    const [own, others] = [await received(here, 'a'), await received(there, 'a')];
    let gaps = 0;
    there.onReconnect(() => {
      gaps++;
      // From here on nothing is missed.
      here.publish('a', `after gap ${gaps}`);
    });
    await redis.kill();
    await until('both have received it', () => !here.isConnected && !there.isConnected);
    for (let round = 0; round < 10_000; round++) here.publish('a', 'x'.repeat(1000));
    expect(own).toHaveLength(10_000);
    const late = received(there, 'late');
    const onOpen = jest.fn();
    there.subscribe('a', () => undefined, onOpen);
    await until('several attempts were made', () => captured.warnings.length >= 2);
    expect(gaps).toBe(0);
    expect(onOpen).not.toHaveBeenCalled();
    await redis.start();
    await until('the gap was reported', () => gaps === 1);
    expect(onOpen).toHaveBeenCalledTimes(1);
    const lateMessages = await late;
    await until('both are back', () => here.isConnected && there.isConnected);
    here.publish('a', 'two');
    here.publish('late', 'three');
    await until('topics are received again', () => others.at(-1) === 'two' && lateMessages.at(-1) === 'three');
    expect(gaps).toBe(1);
    expect(others.filter((message) => message.startsWith('x'))).toEqual([]);
    // One line per replica.
    expect(captured.warnings).toHaveLength(2);
  });

  it('delivers messages once Redis is available, even if it was not at the start', async () => {
    await redis.kill();
    const [here, there] = [
      new RedisPubSub(await replicas.add(), SECRET),
      new RedisPubSub(await replicas.add(), SECRET),
    ];
    expect(here.isConnected).toBe(false);
    const opened = received(there, 'a');
    await redis.start();
    const messages = await opened;
    await until('both are connected', () => here.isConnected && there.isConnected);
    here.publish('a', 'one');
    await until('it was received', () => messages.length === 1);
  });

  it('drops connections that no longer answer, and reconnects', async () => {
    const connections = await replicas.add();
    const broadcast = new RedisPubSub(connections, SECRET);
    await received(broadcast, 'a');
    const onGap = jest.fn();
    broadcast.onReconnect(onGap);
    let closed = 0;
    connections.commands.on('close', () => closed++);
    redis.hang();
    await until('it was detected', () => !broadcast.isConnected, 4000);
    await until('a connection that was never ready is closed too', () => closed >= 2, 4000);
    redis.wake();
    await until('it is back', () => broadcast.isConnected && onGap.mock.calls.length === 1);
  });
});
