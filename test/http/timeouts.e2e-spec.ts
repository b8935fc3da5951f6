import { randomUUID } from 'node:crypto';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { INestApplication } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { Client } from 'pg';
import { Agent, AgentModule } from '../../src/index.js';
import { ScriptedModel } from '../../src/testing/index.js';
import { type Answer, chat, send, type Target } from '../support/clients/client.js';
import { expectError, expectRetryAfter } from '../support/clients/expect-error.js';
import { TestSocket } from '../support/clients/socket.js';
import { openStream, openStreamV2 } from '../support/clients/sse.js';
import { cancelTask, reached, submit, submitted, taskOf } from '../support/clients/tasks.js';
import { modelAt, removeServices, startService, type Service } from '../support/service/service.js';
import { hasPostgres, postgres, type TestDatabase } from '../support/storage/stores.js';
import { Upstream } from '../support/servers/upstream.js';
import { Gate, until } from '../support/until.js';

const LIMIT_MS = 1000;
const describePostgres = hasPostgres ? describe : describe.skip;

/** A second client of a database. */
class Rival {
  private constructor(private readonly client: Client) {}

  static async connect({ databaseUrl }: TestDatabase): Promise<Rival> {
    const client = new Client({ connectionString: databaseUrl });
    await client.connect();
    return new Rival(client);
  }

  /** Runs the work while other clients wait for the lock. */
  async locking<T>(lock: string, work: () => Promise<T>): Promise<T> {
    await this.client.query(`begin; lock table ${lock}`);
    try {
      return await work();
    } finally {
      await this.client.query('rollback');
    }
  }

  /** Resolves once a statement of the service waits for a lock. */
  async isAwaited(): Promise<void> {
    const waiting = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    await until('a statement waits for the lock', async () => (await this.client.query(waiting)).rowCount);
  }

  async rows(statement: string): Promise<unknown[]> {
    return (await this.client.query(statement)).rows;
  }

  async end(): Promise<void> {
    await this.client.end();
  }
}

/** The time until the answer. */
async function timed(answer: Promise<Answer>): Promise<{ readonly answer: Answer; readonly tookMs: number }> {
  const startedMs = performance.now();
  return { answer: await answer, tookMs: performance.now() - startedMs };
}

function expectTimeout({ answer, tookMs }: { readonly answer: Answer; readonly tookMs: number }): void {
  expectError(answer, 504, 'request_timeout');
  expectRetryAfter(answer);
  expect(tookMs).toBeGreaterThan(LIMIT_MS - 50);
  expect(tookMs).toBeLessThan(LIMIT_MS + 3000);
}

afterAll(removeServices);

describePostgres('REQUEST_TIMEOUT_SECONDS', () => {
  let database: TestDatabase;
  let rival: Rival;
  let upstream: Upstream;
  let service: Service;

  beforeAll(async () => {
    database = await postgres.create('timeouts');
    upstream = await Upstream.start();
    service = await startService({
      ...modelAt(upstream),
      DATABASE_URL: database.databaseUrl,
      REQUEST_TIMEOUT_SECONDS: '1',
      AGENT_TIMEOUT_SECONDS: '2',
      RATE_LIMIT_REQUESTS: '1000',
      API_V1_SUNSET_AT: '2040-01-01',
    });
    rival = await Rival.connect(database);
    // The first chat loads code, which takes longer than its limit on a busy machine.
    await until('a chat is answered', async () => (await chat(service, { message: 'first' })).status === 200);
  });
  beforeEach(() => upstream.clear());
  afterAll(async () => {
    await rival.end();
    await removeServices();
    await database.drop();
  });

  it('ends a request that waits for a read, and the service answers the next', async () => {
    const late = await rival.locking('sessions in access exclusive mode', () =>
      timed(send(service, 'GET /api/v1/agent/sessions', { headers: { 'x-request-id': 'r-1' } })),
    );

    expectTimeout(late);
    expect(late.answer.headers).toMatchObject({
      'x-request-id': 'r-1',
      ratelimit: expect.stringMatching(/r=\d+/),
      sunset: 'Sun, 01 Jan 2040 00:00:00 GMT',
    });
    expect((await send(service, 'GET /api/v1/agent/sessions')).status).toBe(200);
  });

  it('drops the write of a request whose read took too long', async () => {
    const gate = new Gate();
    upstream.next({ does: 'reply', hold: { afterDeltas: 0, until: gate.opened } });
    const id = await submitted(service, { message: 'go on' });
    await reached(service, id, 'running');
    const late = await rival.locking('runs in access exclusive mode', () => timed(cancelTask(service, id)));

    expectTimeout(late);
    gate.open();
    await reached(service, id, 'completed');
  });

  it('rolls back a write that waits for a lock', async () => {
    const message = `never ${randomUUID()}`;
    const late = await rival.locking('runs in exclusive mode', async () => {
      const submission = timed(submit(service, { message }));
      await rival.isAwaited();
      return await submission;
    });

    expectTimeout(late);
    const other = await submitted(service, { message: 'kept' });
    await reached(service, other, 'completed');
    expect(await rival.rows(`select run_id from runs where request like '%${message}%'`)).toEqual([]);
  });

  it('drops a write that waits behind another', async () => {
    const message = `never ${randomUUID()}`;
    const [first, second] = await rival.locking('runs in exclusive mode', async () => {
      const blocked = timed(submit(service, { message }));
      await rival.isAwaited();
      return await Promise.all([blocked, timed(submit(service, { message }))]);
    });

    expectTimeout(first);
    expectTimeout(second);
    expect((await submit(service, { message: 'next' })).status).toBe(202);
    expect(await rival.rows(`select run_id from runs where request like '%${message}%'`)).toEqual([]);
  });

  it('waits for a commit that has begun', async () => {
    await rival.rows(`create function pause() returns trigger language plpgsql as
      'begin perform pg_sleep(1.5); return null; end'`);
    await rival.rows(`create constraint trigger pause after insert on runs deferrable initially deferred
      for each row when (new.kind = 'task') execute function pause()`);
    try {
      const { answer, tookMs } = await timed(submit(service, { message: 'slow' }));

      expect(answer.status).toBe(202);
      expect(tookMs).toBeGreaterThan(1500);
      expect(await taskOf(service, String(answer.body.task_id))).toMatchObject({ task_id: answer.body.task_id });
    } finally {
      await rival.rows('drop trigger pause on runs');
    }
  });

  it.each(['GET /api/v1/agent/sessions/unknown/export', 'DELETE /api/v1/agent/sessions/unknown'])(
    'does not cut %s',
    async (call) => {
      const { exempt } = await rival.locking('sessions in access exclusive mode', async () => {
        const waiting = timed(send(service, call));
        await rival.isAwaited();
        expectTimeout(await timed(send(service, 'GET /api/v1/agent/sessions')));
        return { exempt: waiting };
      });

      expectError((await exempt).answer, 404, 'session_not_found');
      expect((await exempt).tookMs).toBeGreaterThan(LIMIT_MS);
    },
  );

  it.each([
    ['the read of its session', 'sessions in access exclusive mode'],
    ['the write of its row', 'runs in exclusive mode'],
  ])('ends a chat whose run cannot begin because %s waits, and leaves no run', async (_, lock) => {
    const session_id = randomUUID();
    const late = await rival.locking(lock, () => timed(chat(service, { message: 'late', session_id })));

    expectError(late.answer, 504, 'agent_timeout');
    expect(late.tookMs).toBeGreaterThan(1900);
    expect(late.tookMs).toBeLessThan(5000);
    expect((await chat(service, { message: 'next', session_id })).status).toBe(200);
    expect(await rival.rows(`select status from runs where session_id = '${session_id}'`)).toEqual([
      { status: 'completed' },
    ]);
  });

  it('leaves chats and streams to the deadline of their run, and events and sockets open', async () => {
    upstream.when('wait', { does: 'stay silent' });
    const socket = await TestSocket.open(service);
    const task = await submitted(service, { message: 'wait' });
    const events = send(service, `GET /api/v1/agent/tasks/${task}/events`);
    const [answer, v2, stream, streamV2] = await Promise.all([
      timed(chat(service, { message: 'wait' })),
      timed(send(service, 'POST /api/v2/agent/chat', { body: { input: 'wait' } })),
      openStream(service, { message: 'wait' }).then((opened) => opened.rest()),
      openStreamV2(service, { input: 'wait' }).then((opened) => opened.rest()),
    ]);

    for (const late of [answer, v2]) {
      expectError(late.answer, 504, 'agent_timeout');
      expect(late.tookMs).toBeGreaterThan(1900);
    }
    for (const last of [stream.at(-1), streamV2.at(-1)]) {
      expect(last).toMatchObject({ event: 'run.failed', data: { error: { error: 'agent_timeout' } } });
    }
    await cancelTask(service, task);
    expect((await events).text).toContain('event: run.cancelled');
    socket.send({ type: 'cancel', id: 'c', run_id: 'unknown' });
    expect(await socket.error('c')).toMatchObject({ error: 'run_not_found' });
    socket.ws.close();
  });
});

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {}

describePostgres.each([
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter()],
])('requestTimeoutMs in a host on %s', (_, makeAdapter: () => AbstractHttpAdapter) => {
  let database: TestDatabase;
  let rival: Rival;
  let app: INestApplication;
  let host: Target;

  beforeAll(async () => {
    database = await postgres.create('timeouts');
    const { databaseUrl } = database;
    const options = { model: new ScriptedModel(), databaseUrl, requestTimeoutMs: LIMIT_MS, admin: true };
    const module = await Test.createTestingModule({
      imports: [AgentModule.forRoot({ ...options, apiV1: { sunsetAt: new Date('2040-01-01') } })],
      providers: [AssistantAgent],
    }).compile();
    app = module.createNestApplication(makeAdapter(), { logger: false });
    app.setGlobalPrefix('backend');
    await app.listen(0, '127.0.0.1');
    host = { url: await app.getUrl() };
    rival = await Rival.connect(database);
  });
  afterAll(async () => {
    await rival.end();
    await app.close();
    await database.drop();
  });

  it('ends a late request and drops its write', async () => {
    const message = `never ${randomUUID()}`;
    const [read, write] = await rival.locking('runs in access exclusive mode', () =>
      Promise.all([
        timed(send(host, 'GET /api/v1/agent/tasks/unknown')),
        timed(submit(host, { message, session_id: 's' })),
      ]),
    );

    expectTimeout(read);
    expectTimeout(write);
    for (const { answer } of [read, write]) {
      expect(answer.headers).toMatchObject({ ratelimit: expect.anything(), sunset: expect.anything() });
    }
    expect((await submit(host, { message: 'next' })).status).toBe(202);
    expect(await rival.rows(`select run_id from runs where request like '%${message}%'`)).toEqual([]);
  });

  it.each(['GET /api/v1/agent/tasks/unknown', 'GET /api/v1/agent/sessions?limit=none', 'GET /api/v1/admin/keys'])(
    'sends the common headers with the errors of %s',
    async (call) => {
      const { status, headers } = await send(host, call, { headers: { 'x-request-id': 'r-2' } });

      expect(status).toBeGreaterThanOrEqual(400);
      expect(headers).toMatchObject({ 'x-request-id': 'r-2', sunset: expect.anything(), link: expect.anything() });
    },
  );
});
