import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { RedisConnections } from '../../src/storage/redis.connections.js';
import { until } from './until.js';

const SERVER = '/usr/bin/redis-server';
const PORT = 6379;

/** Suites that share the Redis of this machine, and suites that kill one of their own. */
export const describeRedis = await available('a Redis at 127.0.0.1:6379', () => answers(PORT));
export const describeOwnRedis = await available(SERVER, () => Promise.resolve(existsSync(SERVER)));

async function available(what: string, isThere: () => Promise<boolean>): Promise<jest.Describe> {
  if (await isThere()) return describe;
  if (process.env['CI'] === 'true') throw new Error(`These tests need ${what}.`);
  process.stderr.write(`LEFT OUT, since there is no ${what}: tests of what replicas share.\n`);
  return describe.skip;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Replicas that share one prefix of one Redis. */
export class Replicas {
  readonly prefix = `test-${randomUUID()}`;
  readonly #connections: RedisConnections[] = [];

  constructor(readonly url = `redis://127.0.0.1:${PORT}`) {}

  async add(): Promise<RedisConnections> {
    const connections = await RedisConnections.connect(this);
    this.#connections.push(connections);
    return connections;
  }

  /** Closes their connections and removes what they kept. */
  async remove(): Promise<void> {
    for (const connections of this.#connections.splice(0)) connections.onApplicationShutdown();
    const last = await RedisConnections.connect(this);
    if (last.isConnected) {
      const keys = await last.commands.keys(`${last.prefix}*`);
      if (keys.length > 0) await last.commands.del(keys);
    }
    last.onApplicationShutdown();
  }
}

/** A Redis that a test may kill, with nothing on the disk. */
export class OwnRedis {
  readonly url: string;
  #child: ChildProcess | undefined;

  private constructor(private readonly port: number) {
    this.url = `redis://127.0.0.1:${port}`;
  }

  static async start(): Promise<OwnRedis> {
    const redis = new OwnRedis(await freePort());
    await redis.start();
    return redis;
  }

  async start(): Promise<void> {
    const place = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.#child = spawn(SERVER, place, { stdio: 'ignore' });
    await until('Redis answers', () => answers(this.port));
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** Keeps its connections and answers no more, as a network does that was cut. */
  hang(): void {
    this.#child?.kill('SIGSTOP');
  }

  wake(): void {
    this.#child?.kill('SIGCONT');
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return portOf(address);
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.');
  return address.port;
}
