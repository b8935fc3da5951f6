import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { type ClientProxy, ClientProxyFactory, Transport } from '@nestjs/microservices';
import { firstValueFrom, timeout } from 'rxjs';
import { freePort } from '../servers/free.port.ts';
import { type Json, object } from '../json.js';
import { answers } from '../servers/own.redis.js';
import { until } from '../until.ts';

const LIMIT_MS = 60_000;
const NATS_PORT = 4222;
const NATS_SERVER = ['/usr/sbin/nats-server', '/usr/bin/nats-server', '/usr/local/bin/nats-server'].find((path) =>
  existsSync(path),
);

/** The answer to a message: one of the two. */
export interface RpcAnswer {
  readonly answer?: Json;
  readonly error?: Json;
}

/** Another Nest service that calls ours. */
export class RpcCaller {
  private constructor(readonly proxy: ClientProxy) {}

  static overTcp(port: number): RpcCaller {
    const options = { host: '127.0.0.1', port };
    return new RpcCaller(ClientProxyFactory.create({ transport: Transport.TCP, options }));
  }

  static overRedis(url: string): RpcCaller {
    const { hostname: host, port } = new URL(url);
    const options = { host, port: Number(port) };
    return new RpcCaller(ClientProxyFactory.create({ transport: Transport.REDIS, options }));
  }

  static overNats(url: string): RpcCaller {
    return new RpcCaller(ClientProxyFactory.create({ transport: Transport.NATS, options: { servers: [url] } }));
  }

  async call(pattern: string, payload: unknown, limitMs = LIMIT_MS): Promise<RpcAnswer> {
    try {
      return { answer: object(await firstValueFrom(this.proxy.send(pattern, payload).pipe(timeout(limitMs)))) };
    } catch (error) {
      return { error: object(error) };
    }
  }

  async close(): Promise<void> {
    await this.proxy.close();
  }
}

/** Sends those bytes. Returns the socket, and a function for the received text. */
export async function sendBytes(port: number, bytes: string | Buffer): Promise<{ socket: Socket; said: () => string }> {
  const socket = connect(port, '127.0.0.1');
  let said = '';
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => (said += chunk.toString()));
  await once(socket, 'connect');
  socket.write(bytes);
  return { socket, said: () => said };
}

/** Frames a packet like Nest's TCP client. */
export function framed(packet: unknown): string {
  const text = typeof packet === 'string' ? packet : JSON.stringify(packet);
  return `${text.length}#${text}`;
}

/** Suites that need NATS: their own server, or that of this machine. */
export const describeNats = await available();

async function available(): Promise<jest.Describe> {
  if (NATS_SERVER !== undefined || (await answers(NATS_PORT))) return describe;
  process.stderr.write('SKIPPED the tests of messages over NATS: they need NATS.\n');
  return describe.skip;
}

/** A private NATS that a test may kill. */
class OwnNats {
  #child: ChildProcess | undefined;

  constructor(
    private readonly server: string,
    readonly port: number,
  ) {}

  async start(): Promise<void> {
    const place = ['--addr', '127.0.0.1', '--port', String(this.port)];
    this.#child = spawn(this.server, place, { stdio: 'ignore' });
    await until('NATS answers', () => answers(this.port));
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
}

/** Tests that kill a private server. */
export const itOnOwnNats = NATS_SERVER === undefined ? it.skip : it;

/** Starts a private server if nats-server is installed; if not, returns that of this machine. */
export async function startNats(): Promise<{ readonly url: string; readonly own?: OwnNats }> {
  return NATS_SERVER === undefined ? { url: `nats://127.0.0.1:${NATS_PORT}` } : await startOwnNats(NATS_SERVER);
}

/** @throws Error if nats-server is not installed. */
export async function startOwnNats(server = NATS_SERVER): Promise<{ readonly url: string; readonly own: OwnNats }> {
  if (server === undefined) throw new Error('This test needs nats-server.');
  const own = new OwnNats(server, await freePort());
  await own.start();
  return { url: `nats://127.0.0.1:${own.port}`, own };
}
