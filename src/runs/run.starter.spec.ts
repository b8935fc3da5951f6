import { randomUUID } from 'node:crypto';
import { runRow } from '../../test/support/storage/databases.js';
import { stores, type TestDatabase } from '../../test/support/storage/stores.js';
import { Gate, until } from '../../test/support/until.js';
import { HOST_PRINCIPAL } from '../auth/principal.js';
import { Agent, Database, type ModelCall, type ModelRequest, type RunResponse } from '../index.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { createTestApp, ScriptedModel, type TestApp } from '../testing/index.js';
import type { SessionPolicy } from './runs.options.js';

const OTHER = { ...HOST_PRINCIPAL, tenant: 'other' };

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {}

/** Answers messages that begin with `hold` only when the gate is open. */
class HeldModel extends ScriptedModel {
  readonly gate = new Gate();

  constructor() {
    super(
      ...Array.from(
        { length: 20 },
        () =>
          ({ messages }: ModelRequest) =>
            `To ${messages.at(-1)?.content}`,
      ),
    );
  }

  override async reply(request: ModelRequest, call: ModelCall) {
    const reply = await super.reply(request, call);
    if (request.messages.at(-1)?.content.startsWith('hold')) await this.gate.opened;
    return reply;
  }

  isAsked(message: string): boolean {
    return this.requests.some(({ messages }) => messages.at(-1)?.content === message);
  }
}

describe.each(stores)('a session that a run holds, on $name', (store) => {
  let database: TestDatabase;
  let app: TestApp;
  let model: HeldModel;
  let sessionId: string;

  beforeAll(async () => {
    database = await store.create();
  });

  afterAll(() => database.drop());

  beforeEach(() => {
    model = new HeldModel();
    sessionId = randomUUID();
  });

  afterEach(async () => {
    model.gate.open();
    await app.close();
  });

  async function start(sessionPolicy: SessionPolicy, timeoutMs = 10_000): Promise<void> {
    const { databaseUrl } = database;
    app = await createTestApp({ model, providers: [AssistantAgent], sessionPolicy, timeoutMs, databaseUrl });
  }

  const run = (message: string, options = {}): Promise<RunResponse> =>
    app.runner.run({ message, session_id: sessionId }, options);

  /** Starts a run that holds the session, and returns its pending result. */
  async function hold(message = 'hold'): Promise<{ readonly ended: Promise<RunResponse> }> {
    const ended = run(message);
    ended.catch(() => undefined);
    await until('the model was called', () => model.isAsked(message));
    return { ended };
  }

  /** Holds the session with a run of another replica. */
  const holdElsewhere = (): Promise<unknown> =>
    app.module.get(Database).write((transaction) =>
      transaction
        .insertInto('runs')
        .values({
          ...runRow(randomUUID()),
          session_id: sessionId,
          status: 'running',
          holds_session: 1,
          finished_at: null,
        })
        .execute(),
    );

  const saidIn = async (): Promise<string[]> => {
    const sessions = app.module.get(SessionsService, { strict: false });
    const { items } = await sessions.messages(HOST_PRINCIPAL, sessionId, { limit: 100 });
    return items
      .filter(({ role }) => role === 'user')
      .map(({ content }) => content)
      .toReversed();
  };

  const statuses = async (): Promise<string[]> =>
    (
      await app.module
        .get(Database)
        .query.selectFrom('runs')
        .select('status')
        .where('session_id', '=', sessionId)
        .orderBy('run_id')
        .execute()
    ).map(({ status }) => status);

  describe('under the policy reject', () => {
    it('refuses every other run until that run ends, and stores nothing of them', async () => {
      await start('reject');
      const first = await hold();
      await expect(run('second')).rejects.toMatchObject({ code: 'session_busy' });
      await expect(
        Array.fromAsync(app.runner.stream({ message: 'third', session_id: sessionId })),
      ).rejects.toMatchObject({
        code: 'session_busy',
      });
      expect(await statuses()).toEqual(['running']);

      model.gate.open();
      await first.ended;
      await run('fourth');
      expect(await saidIn()).toEqual(['hold', 'fourth']);
    });

    it('does not block other sessions, or the same id of another tenant', async () => {
      await start('reject');
      await hold();
      await expect(run('theirs', { principal: OTHER })).resolves.toMatchObject({ session_id: sessionId });
      await expect(app.runner.run({ message: 'elsewhere', session_id: `${sessionId}-2` })).resolves.toBeDefined();
    });

    it('admits one of several concurrent runs', async () => {
      await start('reject');
      const refused: string[] = [];
      const runs = Array.from({ length: 5 }, (_, index) =>
        run(`hold ${index}`).catch(({ code }: { code: string }) => void refused.push(code)),
      );
      await until('all others are refused', () => refused.length >= 4);
      model.gate.open();
      await Promise.all(runs);
      expect(refused).toEqual(Array.from({ length: 4 }, () => 'session_busy'));
      expect(await saidIn()).toHaveLength(1);
    });

    it('is free once its run has failed', async () => {
      await start('reject', 100);
      const { ended } = await hold();
      await expect(ended).rejects.toMatchObject({ code: 'agent_timeout' });
      await expect(run('second')).resolves.toBeDefined();
    });

    it('refuses runs while it is being erased, and is empty afterwards', async () => {
      await start('reject');
      await run('before');
      const erasing = app.module.get(SessionsService, { strict: false }).erase(HOST_PRINCIPAL, sessionId);
      await expect(run('meanwhile')).rejects.toMatchObject({ code: 'session_busy' });
      await erasing;
      await run('after');
      expect(await saidIn()).toEqual(['after']);
    });

    it('can be erased if it has only that run, which is cancelled', async () => {
      await start('reject');
      const { ended } = await hold();
      await app.module.get(SessionsService, { strict: false }).erase(HOST_PRINCIPAL, sessionId);
      await expect(ended).rejects.toMatchObject({ code: 'run_cancelled', message: 'The session was deleted.' });
      expect(await statuses()).toEqual([]);
    });
  });

  describe('under the policy queue', () => {
    it('makes the next run wait until that run ends', async () => {
      await start('queue');
      const first = await hold();
      const second = run('second');
      await expect(Promise.race([second, pause(50, 'waits')])).resolves.toBe('waits');
      expect(model.isAsked('second')).toBe(false);

      model.gate.open();
      await first.ended;
      await second;
      expect(await saidIn()).toEqual(['hold', 'second']);
      expect(model.requests.at(-1)?.messages.map(({ content }) => content)).toContain('To hold');
    });

    it('refuses a run that waited until its deadline, without a model call', async () => {
      await start('queue', 500);
      await holdElsewhere();
      await expect(run('second')).rejects.toMatchObject({ code: 'session_busy' });
      expect(model.requests).toEqual([]);
    });

    it('detects the end of a run of another replica', async () => {
      await start('queue');
      await holdElsewhere();
      const second = run('second');
      await expect(Promise.race([second, pause(50, 'waits')])).resolves.toBe('waits');
      await app.module
        .get(Database)
        .write((transaction) =>
          transaction.updateTable('runs').set({ holds_session: 0 }).where('session_id', '=', sessionId).execute(),
        );
      await expect(second).resolves.toMatchObject({ reply: 'To second' });
    });

    it('drops a waiting run whose caller leaves', async () => {
      await start('queue');
      await hold();
      const caller = new AbortController();
      const second = run('second', { signal: caller.signal });
      caller.abort();
      await expect(second).rejects.toMatchObject({ code: 'client_closed_request' });
      expect(await statuses()).toEqual(['running']);
    });
  });

  describe('under the policy interrupt', () => {
    it('passes to the next run, and the earlier one ends as superseded', async () => {
      await start('interrupt');
      const { ended } = await hold();
      await expect(run('second')).resolves.toMatchObject({ reply: 'To second' });
      await expect(ended).rejects.toMatchObject({ code: 'run_cancelled', message: 'superseded' });
      expect(await saidIn()).toEqual(['second']);
      expect(await statuses()).toEqual(['cancelled', 'completed']);
    });

    it('ends the earlier stream with run.cancelled', async () => {
      await start('interrupt');
      const stream = Array.fromAsync(app.runner.stream({ message: 'hold', session_id: sessionId }));
      await until('the model was called', () => model.isAsked('hold'));
      await run('second');
      expect((await stream).at(-1)).toMatchObject({ type: 'run.cancelled', reason: 'superseded' });
    });
  });
});

function pause<T>(ms: number, value: T): Promise<T> {
  return new Promise((resolve) => setTimeout(() => resolve(value), ms));
}
