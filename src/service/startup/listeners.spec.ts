import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { Worker } from 'node:worker_threads';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { listenOn } from './listeners.js';

@Module({})
class EmptyModule {}

const HOST = '127.0.0.1';
const CALLERS = 200;

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

describe('a service that listens', () => {
  let app: NestFastifyApplication;
  let callers: Worker | undefined;

  beforeEach(async () => {
    app = await NestFactory.create<NestFastifyApplication>(EmptyModule, new FastifyAdapter(), { logger: false });
    app
      .getHttpAdapter()
      .getInstance()
      .get('/', (_: unknown, reply: { send(text: string): void }) => reply.send('hello'));
  });

  afterEach(async () => {
    await callers?.terminate();
    callers = undefined;
    await app.close();
  });

  it('accepts more than one connection in a turn of the event loop', async () => {
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

  it('refuses a port on which another service shares connections, too', async () => {
    const other = createServer().listen({ host: HOST, port: 0, reusePort: true });
    await once(other, 'listening');
    await expect(listenOn(app, { host: HOST, port: portOf(other) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    other.close();
  });
});

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server does not listen.');
  return address.port;
}
