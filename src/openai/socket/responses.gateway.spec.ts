import { once } from 'node:events';
import { HttpAdapterHost } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { WebSocket, WebSocketServer } from 'ws';
import { until } from '../../../test/support/until.js';
import { AgentError } from '../../errors/agent.error.js';
import { WebSocketUpgrade } from '../../http/sockets/websocket.upgrade.js';
import { RateLimiter } from '../../http/throttling/rate.limiter.js';
import { AgentRunnerService } from '../../runs/agent-runner.service.js';
import { CallerMemory, ConnectionMemory } from './connection.memory.js';
import { ResponsesGateway } from './responses.gateway.js';
import { SocketResponses } from './socket.responses.js';

const { jest } = import.meta;

const HOUR_MS = 3_600_000;
const AUTH_CONTEXT = { principal: { tenant: 'acme', id: 'key:1' }, onCredentialsExpired: () => () => undefined };

let server: WebSocketServer;
const refusals: AgentError[] = [];
const answers: ((memory: ConnectionMemory) => void)[] = [];

beforeAll(async () => {
  const { gateway } = await gatewayOf();
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (client, request) => gateway.handleConnection(client, request));
  await once(server, 'listening');
});

afterAll(async () => {
  for (const client of server.clients) client.terminate();
  server.close();
  await once(server, 'close');
});

afterEach(() => void jest.useRealTimers());

async function gatewayOf() {
  const consume = async (): Promise<void> => {
    const refusal = refusals.shift();
    if (refusal) throw refusal;
  };
  const create = async (_: unknown, { memory }: { memory: ConnectionMemory }): Promise<void> =>
    answers.shift()?.(memory);
  const module = await Test.createTestingModule({
    providers: [
      ResponsesGateway,
      { provide: AgentRunnerService, useValue: {} },
      { provide: SocketResponses, useValue: { create } },
      { provide: RateLimiter, useValue: { consume } },
      { provide: WebSocketUpgrade, useValue: { authContextOf: () => AUTH_CONTEXT } },
      { provide: HttpAdapterHost, useValue: {} },
    ],
  }).compile();
  return { gateway: module.get(ResponsesGateway) };
}

async function connect() {
  const address = server.address();
  const client = new WebSocket(`ws://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`);
  const frames: unknown[] = [];
  client.on('message', (data: Buffer) => frames.push(JSON.parse(data.toString())));
  await once(client, 'open');
  return { client, frames };
}

it('ends a connection after an hour with an error', async () => {
  jest.useFakeTimers({ doNotFake: ['setInterval', 'nextTick', 'setImmediate', 'queueMicrotask', 'performance'] });
  const { client, frames } = await connect();
  const closed = once(client, 'close');
  jest.advanceTimersByTime(HOUR_MS - 1);
  expect(client.readyState).toBe(WebSocket.OPEN);
  jest.advanceTimersByTime(1);
  expect((await closed)[0]).toBe(1001);
  expect(frames).toMatchObject([
    { type: 'error', status: 400, error: { code: 'websocket_connection_limit_reached', param: null } },
  ]);
});

it('answers a frame beyond the rate limit with an error, and stays open', async () => {
  refusals.push(new AgentError('rate_limited', { retryAfterSeconds: 3 }));
  const { client, frames } = await connect();
  client.send('{"type":"response.create"}');
  await until('the frame is refused', () => frames.length > 0);
  expect(frames).toMatchObject([{ type: 'error', status: 429, error: { code: 'rate_limit_exceeded' } }]);
  expect(client.readyState).toBe(WebSocket.OPEN);
});

it('remembers one response, once, unless it is too long', () => {
  const memory = new ConnectionMemory(new CallerMemory());
  const keep = (id: string, content: string): void =>
    memory.keep({ id, place: {}, messages: [{ role: 'user', content }] });
  keep('a', 'x');
  keep('b', 'x');
  expect(memory.take('a')).toBeUndefined();
  expect(memory.take('b')).toMatchObject({ id: 'b' });
  expect(memory.take('b')).toBeUndefined();
  keep('c', 'x'.repeat(2 * 1024 * 1024));
  expect(memory.take('c')).toBeUndefined();
});

it('remembers eight million characters for all connections of a caller, and forgets the oldest first', () => {
  const shared = new CallerMemory();
  const memories = Array.from({ length: 6 }, () => new ConnectionMemory(shared));
  const content = 'x'.repeat(2 * 1024 * 1024 - 100);
  const keep = (memory?: ConnectionMemory): void =>
    memory?.keep({ id: 'a', place: {}, messages: [{ role: 'user', content }] });
  memories.slice(0, 4).forEach(keep);
  // A connection that remembers something newer is not the oldest.
  keep(memories[0]);
  keep(memories[4]);
  memories[2]?.forget();
  keep(memories[5]);
  expect(memories.map((memory) => memory.take('a') !== undefined)).toEqual([true, false, false, true, true, true]);
});

it('shares a memory among the connections of a caller, until they close', async () => {
  const content = 'x'.repeat(2 * 1024 * 1024 - 100);
  const isKept: boolean[] = [];
  const ask = async (client: WebSocket, answer: (memory: ConnectionMemory) => void): Promise<void> => {
    answers.push(answer);
    client.send('{}');
    await until('it is answered', () => answers.length === 0);
  };
  const keep = (memory: ConnectionMemory): void =>
    memory.keep({ id: 'a', place: {}, messages: [{ role: 'user', content }] });
  const take = (memory: ConnectionMemory): void => void isKept.push(memory.take('a') !== undefined);
  const clients: WebSocket[] = [];
  for (let count = 0; count < 5; count++) {
    const { client } = await connect();
    await ask(client, keep);
    clients.push(client);
  }
  const [first, second, third] = clients;
  if (!first || !second || !third) throw new Error('They are missing.');
  await ask(first, take);
  const { size } = server.clients;
  second.terminate();
  await until('it is closed', () => server.clients.size < size);
  await ask(first, keep);
  await ask(third, take);
  expect(isKept).toEqual([false, true]);
});
