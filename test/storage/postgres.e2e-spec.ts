import { randomUUID } from 'node:crypto';
import { Database } from '../../src/index.js';
import { chat, send } from '../support/clients/client.js';
import { expectError, expectRetryAfter } from '../support/clients/expect-error.js';
import { objects } from '../support/json.js';
import {
  removeServices,
  startToFail,
  type Service,
  type ServiceProcess,
  startProcess,
} from '../support/service/service.js';
import { streamAll } from '../support/clients/sse.js';
import { emptyPostgres, hasPostgres, postgres, type TestDatabase } from '../support/storage/stores.js';
import { TcpProxy } from '../support/servers/tcp.proxy.js';
import { until } from '../support/until.js';

const SESSIONS = '/api/v1/agent/sessions';

const contentsOf = async (service: Service, sessionId: string): Promise<unknown[]> =>
  objects((await send(service, `GET ${SESSIONS}/${sessionId}/messages`)).body.items).map(({ content }) => content);

const readiness = async (service: Service): Promise<number> => (await send(service, 'GET /health/ready')).status;

(hasPostgres ? describe : describe.skip)('the service on PostgreSQL', () => {
  let database: TestDatabase;
  let proxy: TcpProxy;
  let service: ServiceProcess;

  beforeAll(async () => {
    database = await emptyPostgres.create();
    const url = new URL(database.databaseUrl);
    proxy = await TcpProxy.to(Number(url.port));
    url.port = `${proxy.port}`;
    service = await startProcess({ DATABASE_URL: url.href });
  });

  afterAll(async () => {
    await removeServices();
    await proxy.close();
    await database.drop();
  });

  it('chats, streams and keeps both in one session', async () => {
    const sessionId = randomUUID();
    const answer = await chat(service, { message: 'first', session_id: sessionId });
    const events = await streamAll(service, { message: 'second', session_id: sessionId });

    expect(answer.status).toBe(200);
    expect(events.at(-1)?.event).toBe('run.completed');
    const [, second, , first] = await contentsOf(service, sessionId);
    expect([first, second]).toEqual(['first', 'second']);
  });

  it('lists, pages and erases sessions', async () => {
    const ids = Array.from({ length: 3 }, () => randomUUID());
    for (const session_id of ids) await chat(service, { message: 'hello', session_id });

    const page = await send(service, `GET ${SESSIONS}?limit=2`);
    const next = await send(service, `GET ${SESSIONS}?limit=1&cursor=${String(page.body.next_cursor)}`);
    const listed = [...objects(page.body.items), ...objects(next.body.items)];
    expect(listed.map(({ session_id }) => session_id)).toEqual(ids.toReversed());
    expect(listed[0]).toMatchObject({ message_count: 2, agent_role: 'assistant' });

    expect((await send(service, `DELETE ${SESSIONS}/${ids[0]}`)).status).toBe(204);
    expect((await send(service, `GET ${SESSIONS}/${ids[0]}`)).status).toBe(404);
    expect((await send(service, `DELETE ${SESSIONS}/${ids[0]}`)).status).toBe(404);
  });

  it('serves many concurrent callers', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => chat(service, { message: 'hello' })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('is unready while the database is away, gives no wrong answer, and recovers with it', async () => {
    const sessionId = randomUUID();
    await chat(service, { message: 'before', session_id: sessionId });

    proxy.cut();
    await until('it is not ready', async () => (await readiness(service)) === 503);
    const failed = await chat(service, { message: 'during', session_id: sessionId });
    expectError(failed, 503, 'storage_unavailable');
    expectRetryAfter(failed);
    expect(failed.text).not.toContain('PostgreSQL');

    proxy.mend();
    await until('it is ready', async () => (await readiness(service)) === 200);
    expect((await chat(service, { message: 'after', session_id: sessionId })).status).toBe(200);
    const [, after, , before] = await contentsOf(service, sessionId);
    expect([before, after]).toEqual(['before', 'after']);
  });

  it('keeps a given answer after a kill', async () => {
    const sessionId = randomUUID();
    await chat(service, { message: 'kept', session_id: sessionId });
    await service.kill9();
    await service.restart();
    expect(await contentsOf(service, sessionId)).toContain('kept');
  });

  it('stops with exit code 0', async () => {
    expect(await service.stop()).toBe(0);
  });
});

describe('an unavailable PostgreSQL', () => {
  it('prevents the start without the driver, and names the package', async () => {
    const hook = `import { registerHooks } from 'node:module';
      const missing = Object.assign(new Error("Cannot find package 'pg'"), { code: 'ERR_MODULE_NOT_FOUND' });
      registerHooks({ resolve(name, context, next) { if (name === 'pg') throw missing; return next(name, context); } });`;
    const { exitCode, output } = await startToFail({
      DATABASE_URL: 'postgres://user:hunter2@127.0.0.1/db',
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}`,
    });
    expect(exitCode).toBe(1);
    expect(output).toContain('npm install pg');
    expect(output).not.toContain('hunter2');
  });

  (hasPostgres ? it : it.skip)('prevents the start with the reason if it fails meanwhile', async () => {
    const database = await postgres.create();
    await (await Database.open(database.databaseUrl)).onApplicationShutdown();
    const url = new URL(database.databaseUrl);
    const proxy = await TcpProxy.to(Number(url.port));
    url.port = `${proxy.port}`;
    proxy.breakAfter('"replicas"');
    const { exitCode, output } = await startToFail({ DATABASE_URL: url.href });
    expect(exitCode).toBe(1);
    expect(output).toContain('PostgreSQL cannot be reached: Connection terminated');
    await proxy.close();
    await database.drop();
  });

  it('prevents the start with the reason, without the password', async () => {
    const proxy = await TcpProxy.to(0);
    const { port } = proxy;
    await proxy.close();
    const { exitCode, output } = await startToFail({ DATABASE_URL: `postgres://user:hunter2@127.0.0.1:${port}/db` });
    expect(exitCode).toBe(1);
    expect(output).toContain('PostgreSQL cannot be reached: connect ECONNREFUSED');
    expect(output).not.toContain('hunter2');
  });
});
