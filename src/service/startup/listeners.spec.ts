import { once } from 'node:events';
import { get } from 'node:http';
import { createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { until } from '../../../test/support/until.js';
import { listenOn } from './listeners.js';

@Module({})
class EmptyModule {}

/** Elsewhere one socket listens. */
const onLinux = process.platform === 'linux' ? it : it.skip;
const HOST = '127.0.0.1';
const CALLERS = 200;
/** Enough for the end of a service that waits for nothing. */
const TURNS_MS = 200;

/** Connects that many callers while the main thread waits. */
const CONNECT = `
  const { connect } = require('node:net');
  const { workerData: { port, count, done } } = require('node:worker_threads');
  let connected = 0;
  for (let caller = 0; caller < count; caller++) {
    connect(port, '${HOST}').on('error', () => undefined).on('connect', () => {
      if (++connected < count) return;
      Atomics.store(done, 0, 1);
      Atomics.notify(done, 0);
    });
  }`;

interface Reply {
  send(text: string): void;
}

describe('a service that listens', () => {
  const apps: NestFastifyApplication[] = [];
  let app: NestFastifyApplication;
  let callers: Worker | undefined;
  let waiting: Reply[];

  beforeEach(async () => {
    waiting = [];
    app = await create();
    const fastify = app.getHttpAdapter().getInstance();
    fastify.get('/', (_: unknown, reply: Reply) => reply.send('hello'));
    fastify.get('/slow', (_: unknown, reply: Reply) => void waiting.push(reply));
  });

  afterEach(async () => {
    await callers?.terminate();
    callers = undefined;
    for (const reply of waiting) reply.send('too late');
    await Promise.all(apps.splice(0).map((each) => each.close()));
  });

  async function create(): Promise<NestFastifyApplication> {
    const created = await NestFactory.create<NestFastifyApplication>(EmptyModule, new FastifyAdapter(), {
      logger: false,
    });
    apps.push(created);
    return created;
  }

  onLinux('accepts more than one connection in a turn of the event loop', async () => {
    await listenOn(app, { host: HOST, port: 0 });
    let accepted = 0;
    app.getHttpServer().on('connection', () => accepted++);
    const done = new Int32Array(new SharedArrayBuffer(4));
    callers = new Worker(CONNECT, {
      eval: true,
      workerData: { port: portOf(app.getHttpServer()), count: CALLERS, done },
    });
    await once(callers, 'online');
    expect(Atomics.wait(done, 0, 0, 10_000)).not.toBe('timed-out');
    await new Promise((resolve) => setImmediate(resolve));
    const before = accepted;
    await new Promise((resolve) => setImmediate(resolve));
    expect(accepted - before).toBeGreaterThan(8);
  });

  it('answers on all of its sockets, and on none after its end', async () => {
    await listenOn(app, { host: HOST, port: 0 });
    const url = `http://${HOST}:${portOf(app.getHttpServer())}`;
    const answers = await Promise.all(Array.from({ length: CALLERS }, async () => (await fetch(url)).text()));
    expect(new Set(answers)).toEqual(new Set(['hello']));
    await app.close();
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });

  it('ends after the last answer, whichever socket its caller has reached', async () => {
    await listenOn(app, { host: HOST, port: 0 });
    const url = `http://${HOST}:${portOf(app.getHttpServer())}`;
    const answers = Array.from({ length: CALLERS }, () => answerOf(`${url}/slow`));
    await until('all requests have come', () => waiting.length === CALLERS);
    let isOver = false;
    const end = app.close().then(() => (isOver = true));
    await until('new connections are refused', () => answerOf(url).then(() => false, isRefused));
    for (const reply of waiting.splice(0, CALLERS - 1)) reply.send('late');
    await sleep(TURNS_MS);
    expect(isOver).toBe(false);
    for (const reply of waiting.splice(0)) reply.send('late');
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['late']));
    await end;
  });

  it('refuses a port on which another service shares connections, too', async () => {
    const other = createServer().listen({ host: HOST, port: 0, reusePort: process.platform === 'linux' });
    await once(other, 'listening');
    await expect(listenOn(app, { host: HOST, port: portOf(other) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    other.close();
  });

  it('shares its port with no service that starts at the same time', async () => {
    const free = createServer().listen({ host: HOST, port: 0 });
    await once(free, 'listening');
    const address = { host: HOST, port: portOf(free) };
    free.close();
    await once(free, 'close');
    const second = await create();
    let failure: unknown;
    // Between the trial of the address and the listening.
    app
      .getHttpAdapter()
      .getInstance()
      .addHook('onReady', async () => {
        await listenOn(second, address).catch((error: unknown) => (failure = error));
      });
    await listenOn(app, address);
    expect(failure).toMatchObject({ code: 'EADDRINUSE' });
  });

  it('listens on localhost', async () => {
    await listenOn(app, { host: 'localhost', port: 0 });
    const answer = await fetch(`http://localhost:${portOf(app.getHttpServer())}`);
    expect(await answer.text()).toBe('hello');
  });
});

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server does not listen.');
  return address.port;
}

/** Asks on a connection of its own. */
async function answerOf(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve(text)).on('error', reject);
    }).on('error', reject);
  });
}

function isRefused(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
}
