import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { until } from '../../../test/support/until.js';
import { sendEvents, type StreamedEvent } from './event.stream.js';
import type { HttpResponse } from '../http.types.js';

const { jest } = import.meta;

type Batches = AsyncIterable<readonly StreamedEvent[]>;

const MEBIBYTE = 1024 * 1024;

let server: Server;
/** The answer to the next request. */
let answer: (response: ServerResponse) => Promise<void>;
/** How the last answer ended. */
let ended: Promise<unknown>;
const sockets: Socket[] = [];

beforeAll(async () => {
  server = createServer((_, response) => {
    ended = answer(response).catch((failure: unknown) => failure);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  jest.useRealTimers();
  for (const socket of sockets.splice(0)) socket.destroy();
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

/** A Fastify response. */
function fastify(raw: ServerResponse, headers: Record<string, string> = {}): HttpResponse {
  return { raw, header: () => undefined, getHeaders: () => headers, hijack: () => undefined };
}

function port(): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

async function open(): Promise<IncomingMessage> {
  const [response] = await once(get({ port: port(), agent: false }), 'response');
  return response;
}

/** Reads the whole stream; rejects if it was cut off. */
async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
  return text;
}

/** A client that sends a request and reads nothing until the test resumes it. */
async function openPaused(): Promise<Socket> {
  const socket = connect(port(), '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n'));
  socket.on('error', () => undefined);
  socket.pause();
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

function event(type: string, sequence: number, delta = ''): StreamedEvent {
  const isFinal = type !== 'run.started' && type !== 'first';
  return { type, sequence, data: JSON.stringify({ type, delta, sequence }), isFinal };
}

/** Yields events one after another. */
async function* eventsOf(...types: string[]): AsyncGenerator<StreamedEvent[]> {
  for (const [index, type] of types.entries()) yield [event(type, index + 1)];
}

function send(events: Batches, headers?: Record<string, string>): void {
  answer = (raw) => sendEvents(fastify(raw, headers), events);
}

describe('sendEvents', () => {
  it('frames each event with its number, type and unchanged data', async () => {
    send(eventsOf('run.started', 'run.completed'));
    expect(await textOf(await open())).toBe(
      'id: 1\nevent: run.started\ndata: {"type":"run.started","delta":"","sequence":1}\n\n' +
        'id: 2\nevent: run.completed\ndata: {"type":"run.completed","delta":"","sequence":2}\n\n',
    );
    expect(await ended).toBeUndefined();
  });

  it('writes the events of a batch at once', async () => {
    const { promise, resolve } = Promise.withResolvers<number>();
    async function* together(): AsyncGenerator<StreamedEvent[]> {
      yield [event('first', 1), event('second', 2), event('third', 3)];
    }
    answer = async (raw) => {
      const write = jest.spyOn(raw, 'write');
      await sendEvents(fastify(raw), together());
      resolve(write.mock.calls.length);
    };
    expect(await textOf(await open())).toMatch(/first.*second.*third/s);
    expect(await promise).toBe(1);
  });

  it('disables caching and buffering in proxies, and keeps earlier headers', async () => {
    send(eventsOf('run.completed'), { 'x-request-id': 'r-1', 'cache-control': 'no-store' });
    const response = await open();
    expect(response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': expect.stringMatching(/no-cache.*no-transform/),
      'x-accel-buffering': 'no',
      'x-request-id': 'r-1',
    });
    await textOf(response);
  });

  it('works with a plain Node response, as in Express', async () => {
    answer = (raw) => sendEvents(Object.assign(raw, { header: () => undefined, raw: undefined }), eventsOf('only'));
    const response = await open();
    expect(response.headers).toMatchObject({ 'x-accel-buffering': 'no', 'cache-control': 'no-cache, no-transform' });
    expect(await textOf(response)).toContain('event: only\n');
  });

  it('sends an event before the next one arrives', async () => {
    const gate = Promise.withResolvers<void>();
    async function* slowly(): AsyncGenerator<StreamedEvent[]> {
      yield [event('first', 1)];
      await gate.promise;
      yield [event('second', 2)];
    }
    send(slowly());
    const response = await open();
    const [early] = await once(response.setEncoding('utf8'), 'data');
    expect(early).toContain('event: first\n');
    expect(early).not.toContain('second');

    gate.resolve();
    expect(await textOf(response)).toContain('event: second\n');
  });

  it('sends a retry hint if the stream ends before the final event', async () => {
    send(eventsOf('run.started', 'first'));
    expect(await textOf(await open())).toMatch(
      /"sequence":2\}\n\nretry: 1000\n: to be continued with Last-Event-ID: 2\n\n$/,
    );
  });

  it('sends the headers before the first event', async () => {
    const gate = Promise.withResolvers<void>();
    async function* late(): AsyncGenerator<StreamedEvent[]> {
      await gate.promise;
      yield [event('only', 1)];
    }
    send(late());
    const began = performance.now();
    const response = await open();
    expect(response.statusCode).toBe(200);
    expect(performance.now() - began).toBeLessThan(5000);

    gate.resolve();
    expect(await textOf(response)).toContain('event: only\n');
  });

  it('leaves the response to the error filter if the events fail before the first one', async () => {
    const failure = new Error('too early');
    const failing: Batches = { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(failure) }) };
    answer = async (raw) => {
      await expect(sendEvents(fastify(raw), failing)).rejects.toBe(failure);
      expect(raw.headersSent).toBe(false);
      raw.writeHead(503).end('away');
    };
    const response = await open();
    expect([response.statusCode, await textOf(response)]).toEqual([503, 'away']);
    expect(await ended).toBeUndefined();
  });

  it('destroys the socket if the events fail after the headers', async () => {
    const failure = new Error('late');
    const gate = Promise.withResolvers<never>();
    send({ [Symbol.asyncIterator]: () => ({ next: () => gate.promise }) });
    const response = await open();
    gate.reject(failure);
    await expect(textOf(response)).rejects.toThrow('aborted');
    expect(await ended).toBe(failure);
  });

  it('destroys the socket if the events fail midway, so that the client detects it', async () => {
    const failure = new Error('midway');
    async function* failing(): AsyncGenerator<StreamedEvent[]> {
      yield [event('first', 1)];
      await new Promise((resolve) => setImmediate(resolve));
      throw failure;
    }
    send(failing());
    await expect(textOf(await open())).rejects.toThrow('aborted');
    expect(await ended).toBe(failure);
  });

  it('sends a keep-alive comment every 15 seconds until the stream ends', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'clearImmediate', 'setTimeout', 'clearTimeout'] });
    const gate = Promise.withResolvers<void>();
    async function* silent(): AsyncGenerator<StreamedEvent[]> {
      yield [event('first', 1)];
      await gate.promise;
    }
    send(silent());
    const response = await open();
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    await until('the first event arrived', () => text.includes('first'));
    const first = text;

    jest.advanceTimersByTime(14_999);
    await new Promise((resolve) => setImmediate(resolve));
    expect(text).toBe(first);
    jest.advanceTimersByTime(1);
    await until('the first comment arrived', () => text === `${first}: keep-alive\n\n`);
    jest.advanceTimersByTime(15_000);
    await until('the second comment arrived', () => text === `${first}: keep-alive\n\n: keep-alive\n\n`);

    gate.resolve();
    await once(response, 'end');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('stops the keep-alive comments if the events fail', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'clearImmediate', 'setTimeout', 'clearTimeout'] });
    async function* failing(): AsyncGenerator<StreamedEvent[]> {
      yield [event('first', 1)];
      throw new Error('midway');
    }
    send(failing());
    // The socket may be destroyed before the headers were sent.
    await open()
      .then(textOf)
      .catch(() => undefined);
    await ended;
    expect(jest.getTimerCount()).toBe(0);
  });

  it('disconnects a client with more than 1 MiB unread, and still consumes the events', async () => {
    let raw: ServerResponse | undefined;
    let taken = 0;
    let unreadBefore = 0;
    const delta = 'x'.repeat(64 * 1024);
    async function* longEvents(): AsyncGenerator<StreamedEvent[]> {
      // The socket buffers of both sides hold a few MiB.
      for (let sequence = 1; sequence <= 1024; sequence++) {
        if (raw && !raw.destroyed) unreadBefore = raw.writableLength;
        if (raw?.destroyed) return;
        taken = sequence;
        yield [event('message.delta', sequence, delta)];
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    answer = (response) => {
      raw = response;
      return sendEvents(fastify(response), longEvents());
    };
    await openPaused();
    await until('the reader was disconnected', () => raw?.destroyed, 10_000);
    expect(taken).toBeLessThan(1024);
    expect(unreadBefore).toBeLessThanOrEqual(MEBIBYTE);
    expect(unreadBefore).toBeGreaterThan(MEBIBYTE - 2 * delta.length);
  });

  it('waits for a client that reads slower than the source', async () => {
    const delta = 'x'.repeat(64 * 1024);
    let taken = 0;
    async function* longEvents(): AsyncGenerator<StreamedEvent[]> {
      for (let sequence = 1; sequence <= 300; sequence++) {
        taken = sequence;
        yield [event(sequence === 300 ? 'run.completed' : 'first', sequence, delta)];
      }
    }
    send(longEvents());
    const reader = await openPaused();
    await until('it has processed some', () => taken > 16);
    let bytes = 0;
    let tail = '';
    reader.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      tail = (tail + chunk.toString('latin1')).slice(-200_000);
    });
    reader.resume();
    await until('the last event arrived', () => tail.includes('id: 300\n') && bytes > 300 * delta.length);
    expect(await ended).toBeUndefined();
  });

  it('keeps a client that lags only a little, and delivers the rest', async () => {
    const delta = 'x'.repeat(1000);
    async function* someEvents(): AsyncGenerator<StreamedEvent[]> {
      for (let sequence = 1; sequence <= 900; sequence++) yield [event('message.delta', sequence, delta)];
    }
    const sent = Promise.withResolvers<void>();
    answer = (raw) => sendEvents(fastify(raw), someEvents()).then(sent.resolve, sent.reject);
    const reader = await openPaused();
    await sent.promise;
    let text = '';
    reader.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
    reader.resume();
    await until('the last event arrived', () => text.includes('id: 900\n'));
    expect(text.match(/^id: /gm)).toHaveLength(900);
  });
});
