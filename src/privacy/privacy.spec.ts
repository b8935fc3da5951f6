import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { DefaultQueryExecutor } from 'kysely';
import { insertRun, runRow } from '../../test/support/storage/databases.js';
import { stores, type TestDatabase } from '../../test/support/storage/stores.js';
import { until } from '../../test/support/until.js';
import { AuditService } from '../audit/audit.service.js';
import { HOST_PRINCIPAL, type Principal } from '../auth/principal.js';
import { KeysService } from '../keys/keys.service.js';
import { CheckpointThread } from '../storage/sqlite/checkpoint.thread.js';
import { Database } from '../storage/database.js';
import { TasksService } from '../tasks/tasks.service.js';
import { ScriptedModel } from '../testing/scripted.model.js';
import { createTestApp, type TestApp } from '../testing/test.app.js';
import { Agent } from '../agents/agent.decorator.js';
import { dayOf, type UsageGroup, UsageRepository } from '../usage/usage.repository.js';
import { DataErasure } from './data.erasure.js';
import { DataExport } from './data.export.js';
import type { ExportRow } from './export.rows.js';
import type { DataSubject } from './export.tables.js';

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class Assistant {}

const { jest } = import.meta;
const ACTOR = { id: 'key:1', requestId: 'request-1' };
const MANY = 5000;
const DAY_MS = 86_400_000;
/** A webhook that is not due. */
const UNSENT = {
  url: 'https://a.example',
  host: 'a.example:443',
  body: '{}',
  attempts: 0,
  next_at: Date.now() + 3_600_000,
  claimed_by: null,
  claimed_until: null,
  first_tried_at: null,
  last_tried_at: null,
  last_error: null,
  created_at: 1,
};

const SENT = {
  end_user: null,
  url: 'https://a.example',
  body: '{}',
  status: 'delivered' as const,
  attempts: 1,
  first_tried_at: 1,
  last_tried_at: 1,
  last_error: null,
  created_at: 1,
  finished_at: 1,
};

describe.each(stores)('stored data, on $name', (store) => {
  let created: TestDatabase;
  let app: TestApp;
  let database: Database;
  let erasure: DataErasure;
  let audit: AuditService;

  beforeAll(async () => {
    created = await store.create();
    app = await createTestApp({
      databaseUrl: created.databaseUrl,
      model: new ScriptedModel(...Array.from({ length: 100 }, () => 'Yes.')),
      providers: [Assistant],
    });
    const get = { strict: false };
    database = app.module.get(Database, get);
    erasure = app.module.get(DataErasure, get);
    audit = app.module.get(AuditService, get);
  });

  afterAll(async () => {
    await app.close();
    await created.drop();
  });

  const lines = (subject: DataSubject): Promise<ExportRow[]> =>
    Array.fromAsync(app.module.get(DataExport, { strict: false }).lines(subject, ACTOR));

  async function typesOf(subject: DataSubject): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { type } of await lines(subject)) counts[type] = (counts[type] ?? 0) + 1;
    return counts;
  }

  /** Runs a task of that end user to its end. */
  async function runTask(principal: Principal, sessionId = randomUUID()): Promise<string> {
    const tasks = app.module.get(TasksService);
    const { task } = await tasks.submit(
      { message: 'a secret of mine', session_id: sessionId },
      { principal, idempotencyKey: randomUUID() },
    );
    await until('it has ended', async () => (await tasks.get(task.task_id, principal)).status === 'completed');
    return sessionId;
  }

  /** Adds a step to the run of a session, as one that has not completed has. */
  async function addStep(sessionId: string): Promise<void> {
    const { query } = app.module.get(Database);
    const run = query.selectFrom('runs').select('run_id').where('session_id', '=', sessionId);
    const { run_id } = await run.executeTakeFirstOrThrow();
    const step = { run_id, step: '1', state: 'finished', body: '{}', deaths: 0 } as const;
    await query.insertInto('steps').values(step).execute();
  }

  it('is exported completely for a session, an end user and a tenant', async () => {
    const tenant = 'whole';
    const asked = { ...HOST_PRINCIPAL, tenant, scopes: [] };
    const [ada, bob] = [
      { ...asked, endUser: 'ada' },
      { ...asked, endUser: 'bob' },
    ];
    const sessionId = await runTask(ada);
    await addStep(sessionId);
    await runTask(ada);
    await runTask(bob);
    const { key } = await app.module.get(KeysService).create({ name: 'k', tenant, scopes: ['chat'] }, 'test');

    const session = await typesOf({ tenant, sessionId });
    expect(session).toMatchObject({ export: 1, session: 1, message: 2, run: 1, step: 1, idempotency_key: 1, end: 1 });
    expect(session.event).toBeGreaterThan(2);
    const counts = { export: 1, session: 2, message: 4, run: 2, end: 1 };
    expect(await typesOf({ tenant, endUser: 'ada' })).toMatchObject({ ...counts, audit_entry: 2 });
    const all = await lines({ tenant });
    expect(await typesOf({ tenant })).toMatchObject({ export: 1, session: 3, message: 6, run: 3, api_key: 1, end: 1 });
    expect(all.at(0)).toMatchObject({ type: 'export', tenant });
    expect(all.at(-1)).toMatchObject({ type: 'end', counts: { session: 3, message: 6, run: 3 } });
    expect(all.find(({ type }) => type === 'run')?.request).toMatchObject({ message: 'a secret of mine' });
    const events = all.filter(({ type }) => type === 'event');
    expect(events.at(0)?.event).toMatchObject({ type: 'run.started' });
    for (const { run_id, event } of events) expect(event).toMatchObject({ run_id, sequence: expect.any(Number) });
    expect(events.map(({ event }) => event)).toContainEqual(expect.objectContaining({ type: 'message.delta' }));
    expect(all.find(({ type }) => type === 'message')?.created_at).toMatch(/^20.*Z$/);
    const exportedKey = all.find(({ type }) => type === 'api_key');
    expect(exportedKey).toMatchObject({ name: 'k' });
    expect(exportedKey).not.toHaveProperty('hash');
    expect(JSON.stringify(all)).not.toContain(key.slice(-20));
    expect(await typesOf({ tenant: 'nobody' })).toEqual({ export: 1, audit_entry: 1, end: 1 });
  });

  it('is exported as JSON if it is stored as JSON', async () => {
    const tenant = 'json';
    const sessionId = await runTask({ ...HOST_PRINCIPAL, tenant });
    const [parts, metadata, releases] = [[{ type: 'text', text: 'Hi' }], { order: '7' }, { coder: 'v2' }];
    const provider_data = { source: 'http://x/v1 chat', data: { reasoning_content: 'Hm.' } };
    const reasoning = [{ part: 0, text: 'Hm.' }];
    const ofMessages = {
      parts: JSON.stringify(parts),
      provider_data: JSON.stringify(provider_data),
      reasoning: JSON.stringify(reasoning),
    };
    const ofRuns = { metadata: JSON.stringify(metadata), releases: JSON.stringify(releases) };
    const facts = ['They ', 'greet.'].map((text) => ({ type: 'reasoning.delta', turn: 1, text }));
    const { run_id } = await database.query
      .selectFrom('runs')
      .select('run_id')
      .where('tenant', '=', tenant)
      .executeTakeFirstOrThrow();
    const body = facts.map((fact) => JSON.stringify(fact)).join('\n');
    await database.write(async (transaction) => {
      await transaction
        .insertInto('early_facts')
        .values({ run_id, sequence: 1, part: 3, last_part: 4, body })
        .execute();
      await transaction.updateTable('messages').set(ofMessages).where('tenant', '=', tenant).execute();
      await transaction.updateTable('runs').set(ofRuns).where('tenant', '=', tenant).execute();
    });

    const all = await lines({ tenant, sessionId });

    expect(all.find(({ type }) => type === 'message')).toMatchObject({ parts, provider_data, reasoning });
    expect(all.find(({ type }) => type === 'run')).toMatchObject({ metadata, releases });
    expect(all.filter(({ type }) => type === 'early_fact')).toEqual(
      facts.map((fact, index) => ({ type: 'early_fact', run_id, sequence: 1, part: 3 + index, fact })),
    );
    const values = all.flatMap((line) => Object.entries(line));
    expect(values.filter(([, value]) => typeof value === 'string' && /^[{[]/.test(value))).toEqual([]);
  });

  it('is exported in order, each row once, and erased in steps', async () => {
    const [tenant, session_id] = ['many', 'long'];
    await database.write(async (transaction) => {
      const row = { tenant, session_id, created_at: 1, updated_at: 1, end_user: null };
      await transaction
        .insertInto('sessions')
        .values({ ...row, agent_role: 'assistant', message_count: MANY })
        .execute();
      for (let from = 0; from < MANY; from += 500) {
        const rows = Array.from({ length: 500 }, (_, index) => ({
          tenant,
          session_id,
          message_id: `m-${from + index}`,
          position: from + index,
          run_id: `many-${Math.floor((from + index) / 3)}`,
          role: 'user' as const,
          content: `message ${from + index}`,
          tool: null,
          call_id: null,
          tool_calls: null,
          tokens: 1,
          created_at: 1,
        }));
        await transaction.insertInto('messages').values(rows).execute();
      }
    });

    const messages = (await lines({ tenant, sessionId: session_id })).filter(({ type }) => type === 'message');

    expect(messages.map(({ position }) => position)).toEqual(Array.from({ length: MANY }, (_, index) => index));
    const erased = await erasure.eraseTenant({ ...HOST_PRINCIPAL, tenant });
    expect(erased).toEqual({ sessions: 1, messages: MANY, runs: 0, keys: 0 });
  });

  it('is exported without a query for the runs on each page', async () => {
    const tenant = 'paged';
    const runs = Array.from({ length: 250 }, (_, index) => {
      const number = `${index}`.padStart(3, '0');
      // Ada has a run in the session of another, and the tenant has one in Ada's.
      const session_id = index === 0 ? 'bobs' : `adas-${index % 120}`;
      return { ...runRow(`paged-${number}`), tenant, session_id, end_user: index === 1 ? null : 'ada' };
    });
    const session = { tenant, agent_role: 'assistant', message_count: 0, created_at: 1, updated_at: 1 };
    const sessions = Array.from({ length: 120 }, (_, index) => {
      return { ...session, session_id: `adas-${index}`, end_user: 'ada' };
    });
    sessions.push({ ...session, session_id: 'bobs', end_user: 'bob' });
    await database.write(async (transaction) => {
      await transaction.insertInto('sessions').values(sessions).execute();
      await transaction.insertInto('runs').values(runs).execute();
      for (const { run_id, session_id } of runs) {
        const events = [1, 2, 3].map((sequence) => ({ run_id, sequence, last_sequence: sequence, body: '{}' }));
        await transaction.insertInto('events').values(events).execute();
        const webhook = { ...UNSENT, run_id, tenant, session_id };
        await transaction.insertInto('webhooks').values(webhook).execute();
        const delivery = { ...SENT, run_id, tenant, session_id };
        await transaction.insertInto('webhook_deliveries').values(delivery).execute();
      }
    });
    const sent = jest.spyOn(DefaultQueryExecutor.prototype, 'executeQuery');

    for (const subject of [{ tenant }, { tenant, endUser: 'ada' }]) {
      const all = await lines(subject);
      const idsOf = (wanted: string) =>
        all.flatMap(({ type, run_id }) => (type === wanted && typeof run_id === 'string' ? [run_id] : []));
      const ids = runs.map(({ run_id }) => run_id);
      expect(idsOf('run').toSorted()).toEqual(ids);
      expect(idsOf('webhook').toSorted()).toEqual(ids);
      expect(idsOf('webhook_delivery').toSorted()).toEqual(ids);
      expect(idsOf('event').toSorted()).toEqual(ids.flatMap((id) => [id, id, id]));
    }

    const children = /^\s*select \* from "(events|steps|approvals|idempotency_keys)"/;
    const pages = sent.mock.calls.map(([{ sql }]) => sql).filter((text) => children.test(text));
    expect(pages).not.toEqual([]);
    expect(pages.filter((text) => /\bruns\b/.test(text))).toEqual([]);
    sent.mockRestore();
    await erasure.eraseTenant({ ...HOST_PRINCIPAL, tenant });
  });

  it('includes the webhooks that announce approvals, each once, and is erased with them', async () => {
    const tenant = 'announced';
    const session = { tenant, agent_role: 'assistant', message_count: 0, created_at: 1, updated_at: 1 };
    // The session of the second run is not stored yet, and the third is in the session of another.
    const places = { adas: 'adas', unstored: 'later', strays: 'bobs' };
    await database.write(async (transaction) => {
      for (const end_user of ['ada', 'bob']) {
        const row = { ...session, session_id: `${end_user}s`, end_user };
        await transaction.insertInto('sessions').values(row).execute();
      }
      for (const [run_id, session_id] of Object.entries(places)) {
        const ended = { created_at: Date.now(), finished_at: Date.now() };
        const run = { ...runRow(run_id), ...ended, tenant, session_id, end_user: 'ada' };
        await transaction.insertInto('runs').values(run).execute();
        const call = { run_id, tenant, approval_id: `of-${run_id}`, step: '1.0', tool: 'pay', arguments: '{}' };
        await transaction
          .insertInto('approvals')
          .values({ ...call, created_at: 1 })
          .execute();
        const webhook = { ...UNSENT, run_id: `of-${run_id}`, tenant, session_id };
        await transaction.insertInto('webhooks').values(webhook).execute();
        const delivery = { ...SENT, run_id: `of-${run_id}`, tenant, session_id };
        await transaction.insertInto('webhook_deliveries').values(delivery).execute();
      }
    });
    const exported = await lines({ tenant, endUser: 'ada' });
    for (const table of ['webhook', 'webhook_delivery']) {
      const ids = exported.flatMap(({ type, run_id }) => (type === table ? [String(run_id)] : []));
      expect(ids.toSorted()).toEqual(['of-adas', 'of-strays', 'of-unstored']);
    }

    await erasure.eraseEndUser({ ...HOST_PRINCIPAL, tenant }, 'ada');
    for (const table of ['webhooks', 'webhook_deliveries'] as const) {
      const left = database.query.selectFrom(table).select('run_id').where('tenant', '=', tenant);
      expect(await left.execute()).toEqual([]);
    }
    await erasure.eraseTenant({ ...HOST_PRINCIPAL, tenant });
  });

  it("is erased with its end user, including their name, but not another's data", async () => {
    const tenant = 'going';
    const [ada, bob] = [
      { ...HOST_PRINCIPAL, tenant, endUser: 'ada-of-going' },
      { ...HOST_PRINCIPAL, tenant, endUser: 'bob' },
    ];
    const [sessionId] = [await runTask(ada), await runTask(ada), await runTask(bob)];
    // A refused run of the end user, in the session of another.
    await insertRun(database, 'stray');
    await database.write((transaction) =>
      transaction
        .updateTable('runs')
        .set({ tenant, end_user: 'ada-of-going', session_id: 'of-nobody' })
        .where('run_id', '=', 'stray')
        .execute(),
    );
    // Webhooks of the stray run, and of a run that was removed.
    const deliveries = [
      { ...SENT, tenant, run_id: 'stray', session_id: 'of-nobody' },
      { ...SENT, tenant, run_id: 'removed', session_id: sessionId },
    ];
    await database.write((transaction) => transaction.insertInto('webhook_deliveries').values(deliveries).execute());
    expect(await typesOf({ tenant, endUser: 'ada-of-going' })).toMatchObject({ webhook_delivery: 2 });

    const operator = { ...HOST_PRINCIPAL, tenant };
    const erased = await erasure.eraseEndUser(operator, 'ada-of-going', 'request-9');

    expect(erased).toMatchObject({ sessions: 2, messages: 4, runs: 3 });
    expect(await typesOf({ tenant, endUser: 'bob' })).toMatchObject({ session: 1, message: 2, run: 1 });
    expect(JSON.stringify(await lines({ tenant }))).not.toContain('ada-of-going');
    expect(await typesOf({ tenant })).not.toHaveProperty('webhook_delivery');
    const { items } = await audit.list({ tenant, action: 'data.erased', limit: 9 });
    expect(items).toEqual([expect.objectContaining({ actor: 'host', request_id: 'request-9', details: erased })]);
    const deleted = await audit.list({ tenant, action: 'session.deleted', limit: 9 });
    expect(new Set(deleted.items.map(({ subject }) => subject))).toEqual(new Set([items[0]?.subject]));
    expect(await erasure.eraseEndUser(operator, 'ada-of-going')).toEqual({ sessions: 0, messages: 0, runs: 0 });
  });

  it('gets no audit entry from the erasure of an end user who is unknown', async () => {
    const operator = { ...HOST_PRINCIPAL, tenant: 'calm' };
    await runTask({ ...operator, endUser: 'ada' });
    const entries = async () => (await audit.list({ tenant: 'calm', limit: 9 })).items.length;
    expect(await erasure.eraseEndUser(operator, 'invented')).toEqual({ sessions: 0, messages: 0, runs: 0 });
    expect(await entries()).toBe(0);

    await erasure.eraseEndUser(operator, 'ada');
    const erased = await entries();
    await erasure.eraseEndUser(operator, 'ada');
    expect(erased).toBeGreaterThan(1);
    expect(await entries()).toBe(erased);
  });

  it('is removed from the usage of an erased end user, whose totals stay', async () => {
    const tenant = 'billed';
    const personOf = (sub: string): Principal => ({ ...HOST_PRINCIPAL, tenant, id: `sub:${sub}`, endUser: sub });
    const usage = app.module.get(UsageRepository, { strict: false });
    const report = (groupBy: UsageGroup) =>
      usage.report({ tenant, from: '2000-01-01', to: dayOf(Date.now() + DAY_MS), groupBy });
    for (const sub of ['ada-of-billed', 'ada-of-billed', 'cleo-of-billed', 'bob']) await runTask(personOf(sub));
    const before = await Promise.all((['day', 'role', 'model'] as const).map(report));
    const another = { ...personOf('ada-of-billed'), tenant: 'billed-elsewhere' };
    await runTask(another);

    // Two end users, one of them twice: each erasure adds to the usage of erased callers.
    for (const sub of ['ada-of-billed', 'cleo-of-billed', 'ada-of-billed']) {
      await erasure.eraseEndUser({ ...HOST_PRINCIPAL, tenant }, sub);
    }

    expect(await Promise.all((['day', 'role', 'model'] as const).map(report))).toEqual(before);
    const callers = (await report('key')).map(({ name, runs }) => [name, runs]);
    expect(callers).toEqual([
      ['erased', 3],
      ['sub:bob', 1],
    ]);
    expect(JSON.stringify(await lines({ tenant }))).not.toMatch(/(ada|cleo)-of-billed/);
    expect(JSON.stringify(await lines({ tenant: another.tenant }))).toContain('sub:ada-of-billed');
  });

  it('is removed from the decisions of an erased end user about the runs of others', async () => {
    const { query } = app.module.get(Database);
    const decided = {
      step: '1',
      tool: 'pay',
      arguments: '{}',
      decision: 'approve',
      created_at: 1,
      decided_at: 2,
    } as const;
    const decide = async (tenant: string, approval_id: string, by: string): Promise<void> => {
      const run = { ...runRow(randomUUID()), tenant, end_user: 'ada', created_at: Date.now(), finished_at: Date.now() };
      await query.insertInto('runs').values(run).execute();
      const { run_id } = run;
      // An older replica has written no tenant.
      const row = { ...decided, run_id, approval_id, tenant: approval_id === 'old' ? null : tenant, decided_by: by };
      await query.insertInto('approvals').values(row).execute();
    };
    await decide('decided', 'new', 'sub:dan');
    await decide('decided', 'old', 'sub:dan');
    await decide('decided', 'of-eve', 'sub:eve');
    await decide('decided-elsewhere', 'same-name', 'sub:dan');

    await erasure.eraseEndUser({ ...HOST_PRINCIPAL, tenant: 'decided' }, 'dan');

    const rows = await query
      .selectFrom('approvals')
      .select(['approval_id', 'decision', 'decided_by'])
      .where('approval_id', 'in', ['new', 'old', 'of-eve', 'same-name'])
      .orderBy('approval_id')
      .execute();
    expect(rows.map(({ approval_id, decision, decided_by }) => [approval_id, decision, decided_by])).toEqual([
      ['new', 'approve', 'erased'],
      ['of-eve', 'approve', 'sub:eve'],
      ['old', 'approve', 'erased'],
      ['same-name', 'approve', 'sub:dan'],
    ]);
  });

  it('names no other person in the export of a session or an end user', async () => {
    const tenant = 'third';
    const { query } = app.module.get(Database);
    const session_id = randomUUID();
    const owner = { tenant, session_id, agent_role: 'assistant', end_user: 'ada', created_at: 1, updated_at: 1 };
    await query
      .insertInto('sessions')
      .values({ ...owner, message_count: 0 })
      .execute();
    for (const [approval_id, decided_by] of [
      ['by-boss', 'sub:boss'],
      ['by-self', 'sub:ada'],
      ['by-key', 'key:1'],
    ] as const) {
      const asker = approval_id === 'by-boss' ? { caller: 'sub:boss', end_user: 'boss' } : { end_user: 'ada' };
      const run = {
        ...runRow(randomUUID()),
        tenant,
        session_id,
        ...asker,
        created_at: Date.now(),
        finished_at: Date.now(),
      };
      await query.insertInto('runs').values(run).execute();
      const call = {
        step: '1',
        tool: 'pay',
        arguments: '{}',
        decision: 'approve',
        created_at: 2,
        decided_at: 3,
      } as const;
      await query
        .insertInto('approvals')
        .values({ ...call, run_id: run.run_id, approval_id, tenant, decided_by })
        .execute();
    }
    await Array.fromAsync(
      app.module.get(DataExport, { strict: false }).lines({ tenant, endUser: 'ada' }, { id: 'sub:boss' }),
    );
    for (const subject of [
      { tenant, endUser: 'ada' },
      { tenant, sessionId: session_id },
    ]) {
      const exported = await lines(subject);
      expect(JSON.stringify(exported)).not.toMatch(/"(sub:)?boss"/);
      const deciders = exported.flatMap(({ type, decided_by }) => (type === 'approval' ? [decided_by] : []));
      expect(new Set(deciders)).toEqual(new Set(['another person', 'key:1', 'sub:ada']));
    }
    expect(JSON.stringify(await lines({ tenant }))).toContain('"decided_by":"sub:boss"');
  });

  it("is erased with its tenant and keys, but not another tenant's data", async () => {
    const [going, staying] = [
      { ...HOST_PRINCIPAL, tenant: 'gone' },
      { ...HOST_PRINCIPAL, tenant: 'stays' },
    ];
    const keys = app.module.get(KeysService);
    for (const who of [going, staying]) {
      await runTask(who);
      await keys.create({ name: 'k', tenant: who.tenant, scopes: ['chat'] }, 'test');
    }
    const leftOver = { run_id: 'left-over', tenant: 'gone', session_id: 'any' };
    await database.write(async (transaction) => {
      // A chat of a dead process.
      const waiter = { ...leftOver, created_at: 1, owner: 'dead' };
      await transaction.insertInto('session_waiters').values(waiter).execute();
      await transaction
        .insertInto('webhooks')
        .values({ ...leftOver, ...UNSENT })
        .execute();
      await transaction
        .insertInto('webhook_deliveries')
        .values({ ...leftOver, ...SENT })
        .execute();
    });

    for (const subject of [{ tenant: 'gone' }, { tenant: 'gone', sessionId: 'any' }]) {
      expect(await typesOf(subject)).toMatchObject({ waiting_run: 1, webhook: 1, webhook_delivery: 1 });
    }

    const erased = await erasure.eraseTenant(going, 'request-9');

    expect(erased).toEqual({ sessions: 1, messages: 2, runs: 1, keys: 1 });
    const left = await typesOf({ tenant: 'gone' });
    // The audit and the usage stay.
    expect(Object.keys(left).toSorted()).toEqual(['audit_entry', 'end', 'export', 'usage']);
    expect(await typesOf({ tenant: 'stays' })).toMatchObject({ session: 1, message: 2, run: 1, api_key: 1 });
    const { items } = await audit.list({ tenant: 'gone', limit: 9 });
    expect(items.map(({ action }) => action)).toEqual([
      'data.exported',
      'data.erased',
      'session.deleted',
      'key.revoked',
      'data.exported',
      'data.exported',
      'key.created',
    ]);
  });

  // PostgreSQL has no such log: its vacuum removes the data.
  if (store.name === 'sqlite') {
    it('is removed from the write-ahead log once for all sessions, unless another process reads it', async () => {
      const file = created.databaseUrl.slice('file:'.length);
      const ada = { ...HOST_PRINCIPAL, tenant: 'logged', endUser: 'ada' };
      const logged = { ...HOST_PRINCIPAL, tenant: 'logged' };
      const truncations = jest.spyOn(CheckpointThread.prototype, 'truncate');
      for (const erase of [() => erasure.eraseEndUser(logged, 'ada'), () => erasure.eraseTenant(logged)]) {
        for (const who of [ada, ada, ada]) await runTask(who);
        truncations.mockClear();
        expect(await erase()).toMatchObject({ sessions: 3 });
        // A truncation fails while the service writes.
        const tries = await Promise.all(truncations.mock.results.map(({ value }) => value));
        expect(tries.filter((isTruncated) => isTruncated === true)).toHaveLength(1);

        await runTask(ada);
        const reader = new DatabaseSync(file, { readOnly: true });
        reader.exec('begin; select count(*) from sessions');
        truncations.mockClear();
        let isOver = false;
        const erasing = erase().finally(() => (isOver = true));
        await until('the log could not be emptied', () => truncations.mock.results.length > 1);
        expect(isOver).toBe(false);
        reader.close();
        expect(await erasing).toMatchObject({ sessions: 1 });
      }
      truncations.mockRestore();
      expect(await database.query.selectFrom('pending_erasures').selectAll().execute()).toEqual([]);
    });
  }

  it('leaves a valid audit chain', async () => {
    expect((await audit.verify()).broken).toBeUndefined();
  });
});
