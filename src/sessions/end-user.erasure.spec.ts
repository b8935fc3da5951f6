import { runRow } from '../../test/support/storage/databases.js';
import { stores, type TestDatabase } from '../../test/support/storage/stores.js';
import { Gate, until } from '../../test/support/until.js';
import { Agent, AgentRunnerService, Database, type Principal, Tool } from '../index.js';
import { DataErasure } from '../privacy/data.erasure.js';
import { createTestApp, ScriptedModel, type TestApp } from '../testing/index.js';
import { SessionsService } from './sessions.service.js';

const TENANT = { tenant: 'shop', id: 'key:1', scopes: ['chat'] } as const;
const ada: Principal = { ...TENANT, endUser: 'ada' };
const bob: Principal = { ...TENANT, endUser: 'bob' };

let gate = new Gate();

@Agent({ role: 'assistant', description: 'Waits.', instructions: 'Wait.' })
class WaitingAgent {
  @Tool({ description: 'Waits' })
  async wait(): Promise<string> {
    await gate.opened;
    return 'done';
  }
}

describe.each(stores)('an erasure for one end user, in a session id that another one uses, on $name', (store) => {
  let created: TestDatabase;
  let app: TestApp;
  let sessions: SessionsService;
  let ids = 0;

  beforeAll(async () => {
    created = await store.create();
    const turn = ({ messages }: { messages: readonly { role: string }[] }) =>
      messages.at(-1)?.role === 'tool' ? 'Done.' : [{ tool: 'wait' }];
    const model = new ScriptedModel(...Array.from({ length: 20 }, () => turn));
    app = await createTestApp({ databaseUrl: created.databaseUrl, model, providers: [WaitingAgent] });
    sessions = app.module.get(SessionsService, { strict: false });
  });

  afterAll(async () => {
    gate.open();
    await app.close();
    await created.drop();
  });

  const query = () => app.module.get(Database).query;

  /** The first run of Bob in a session has failed. Then Ada begins a first run with the same id. */
  async function collide(): Promise<{ session_id: string; answer: Promise<unknown> }> {
    gate = new Gate();
    const session_id = `first-${ids++}`;
    const failed = { session_id, tenant: 'shop', caller: 'key:1', end_user: 'bob', status: 'failed' } as const;
    await query()
      .insertInto('runs')
      .values({ ...runRow(`failed-${store.name}-${session_id}`), ...failed })
      .execute();
    const answer = app.module.get(AgentRunnerService).run({ message: 'Wait', session_id }, { principal: ada });
    // Its failure is awaited later.
    void Promise.allSettled([answer]);
    await until('the run of Ada is stored', async () => (await usersIn(session_id)).includes('ada'));
    return { session_id, answer };
  }

  async function usersIn(session_id: string): Promise<(string | null)[]> {
    const rows = await query().selectFrom('runs').select('end_user').where('session_id', '=', session_id).execute();
    return rows.map(({ end_user }) => end_user);
  }

  const erasures: [string, (session_id: string) => Promise<unknown>][] = [
    // 404: Bob has no session there. The failed run is erased all the same.
    ['DELETE of the session by Bob', (id) => sessions.erase(bob, id).catch(({ code }) => code)],
    ['DELETE of all sessions of Bob by the tenant', () => sessions.eraseEndUser(TENANT, 'bob')],
    ['DELETE of all sessions of Bob by Bob', () => sessions.eraseEndUser(bob, 'bob')],
    ['erasure of the data of Bob', () => app.module.get(DataErasure, { strict: false }).eraseEndUser(TENANT, 'bob')],
  ];

  it.each(erasures)('neither cancels nor erases the run of the other one: %s', async (_, erase) => {
    const { session_id, answer } = await collide();
    await erase(session_id);
    expect(await usersIn(session_id)).toEqual(['ada']);
    gate.open();
    await expect(answer).resolves.toMatchObject({ reply: 'Done.' });
    expect(await sessions.get(ada, session_id)).toMatchObject({ end_user: 'ada', message_count: 4 });
  });

  it('cancels and erases the first run of the end user, which has no session yet', async () => {
    const { session_id, answer } = await collide();
    await sessions.erase(ada, session_id);
    await expect(answer).rejects.toMatchObject({ code: 'run_cancelled' });
    expect(await usersIn(session_id)).toEqual(['bob']);
  });

  it('erases the whole session if it belongs to the end user', async () => {
    const { session_id, answer } = await collide();
    gate.open();
    await answer;
    await sessions.eraseEndUser(TENANT, 'ada');
    expect(await usersIn(session_id)).toEqual([]);
    await expect(sessions.get(ada, session_id)).rejects.toMatchObject({ code: 'session_not_found' });
  });
});
