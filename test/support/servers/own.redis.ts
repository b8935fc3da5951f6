import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { freePort } from './free.port.ts';
import { until } from '../until.ts';

export const REDIS_SERVER = '/usr/bin/redis-server';

/** A Redis that a test may kill, without persistence. */
export class OwnRedis {
  readonly url: string;
  readonly #port: number;
  readonly #password: string;
  #child: ChildProcess | undefined;

  private constructor(port: number, password: string) {
    this.#port = port;
    this.#password = password;
    this.url = `redis://${password && `:${password}@`}127.0.0.1:${port}`;
  }

  /** @param password empty: no password. */
  static async start(password = ''): Promise<OwnRedis> {
    const redis = new OwnRedis(await freePort(), password);
    await redis.start();
    return redis;
  }

  async start(): Promise<void> {
    const place = ['--port', String(this.#port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const locked = this.#password === '' ? [] : ['--requirepass', this.#password];
    this.#child = spawn(REDIS_SERVER, [...place, ...locked], { stdio: 'ignore' });
    await until('Redis answers', () => answers(this.#port));
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** Keeps its connections but no longer answers, like a cut network. */
  hang(): void {
    this.#child?.kill('SIGSTOP');
  }

  wake(): void {
    this.#child?.kill('SIGCONT');
  }
}

export async function answers(port: number): Promise<boolean> {
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
