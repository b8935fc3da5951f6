import { send } from '../../test/support/clients/client.js';
import { expectError } from '../../test/support/clients/expect-error.js';
import { objects } from '../../test/support/json.js';
import { ApiHost } from '../../test/support/service/api.host.js';
import { stores, type TestDatabase } from '../../test/support/storage/stores.js';
import { Agent, type Scope } from '../index.js';
import { ScriptedModel } from '../testing/index.js';

const SCOPES: readonly Scope[] = ['chat', 'usage:read'];
const GROUPS = ['day', 'key', 'role', 'model'];
const TOKENS = expect.any(Number);
const PRICES = { '*': { input: 1, output: 1 } };

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class Assistant {}

describe.each(stores)('GET /usage on $name', (store) => {
  let database: TestDatabase;
  let host: ApiHost;

  async function start(auth: 'api-key' | 'jwt'): Promise<void> {
    database = await store.create();
    const model = new ScriptedModel(...Array.from({ length: 20 }, () => 'Hello.'));
    const options = {
      model,
      databaseUrl: database.databaseUrl,
      admin: true,
      prices: PRICES,
      budgets: { tenantCostPerMonth: 50 },
    };
    host = await ApiHost.start(auth, options, [Assistant]);
  }

  afterEach(async () => {
    await host.close();
    await database.drop();
  });

  const chat = async (headers: Record<string, string>): Promise<void> => {
    const { status } = await send(host, 'POST /api/v1/agent/chat', { headers, body: { message: 'Hello' } });
    expect(status).toBe(200);
  };

  async function runsOf(headers: Record<string, string>, query = ''): Promise<unknown[]> {
    const answers = GROUPS.map((group) => send(host, `GET /api/v1/agent/usage?group_by=${group}${query}`, { headers }));
    return (await Promise.all(answers)).map(({ body }) =>
      objects(body.items).reduce((sum, each) => sum + Number(each.runs), 0),
    );
  }

  it('shows the holder of a token only their own usage, however it is grouped', async () => {
    await start('jwt');
    const [ada, bob] = [
      await host.headersOf({ scopes: SCOPES, user: 'ada' }),
      await host.headersOf({ scopes: SCOPES, user: 'bob' }),
    ];
    await chat(ada);
    await chat(ada);
    expect(await runsOf(bob)).toEqual([0, 0, 0, 0]);
    await chat(bob);

    expect(await runsOf(ada)).toEqual([2, 2, 2, 2]);
    expect(await runsOf(bob)).toEqual([1, 1, 1, 1]);
    expect(await runsOf(bob, '&tenant=acme')).toEqual([1, 1, 1, 1]);
    const byKey = await send(host, 'GET /api/v1/agent/usage?group_by=key', { headers: bob });
    expect(objects(byKey.body.items).map(({ key }) => key)).toEqual(['sub:bob']);
    const operator = await host.headersOf({ tenant: 'ops', scopes: ['admin'], user: 'eve' });
    expect(await runsOf(operator, '&tenant=acme')).toEqual([3, 3, 3, 3]);
    expect(await runsOf(await host.headersOf({ tenant: 'other', scopes: SCOPES, user: 'ada' }))).toEqual([0, 0, 0, 0]);
  });

  it('shows a key the usage of its tenant, and refuses it with X-End-User', async () => {
    await start('api-key');
    const [ada, tenant] = [
      await host.headersOf({ scopes: SCOPES, user: 'ada' }),
      await host.headersOf({ scopes: SCOPES }),
    ];
    await chat(ada);
    await chat(tenant);

    expect(await runsOf(tenant)).toEqual([2, 2, 2, 2]);
    for (const group of GROUPS) {
      const answer = await send(host, `GET /api/v1/agent/usage?group_by=${group}`, { headers: ada });
      expectError(answer, 403, 'forbidden');
      expect(answer.body.detail).toContain('with a key that need not name an end user');
    }
  });

  it('shows operators the budgets of tenants and keys, and what is used of them', async () => {
    await start('api-key');
    const headers = await host.headersOf({ tenant: 'ops', scopes: ['admin'] });
    const create = async (tenant: string, limits: object) => {
      const body = { name: `Key of ${tenant}`, tenant, scopes: ['chat'], ...limits };
      return (await send(host, 'POST /api/v1/admin/keys', { headers, body })).body;
    };
    const [desk] = [await create('acme', { tokens_per_month: 1000 }), await create('other', { cost_per_month: 2 })];
    await create('acme', {});
    await chat({ authorization: `Bearer ${String(desk.key)}` });

    const { body } = await send(host, 'GET /api/v1/admin/budgets', { headers });
    expect(body.items).toEqual([
      { tenant: 'acme', tokens: TOKENS, cost: expect.any(Number), cost_per_month: 50 },
      { tenant: 'other', key_id: expect.any(String), key_name: 'Key of other', tokens: 0, cost: 0, cost_per_month: 2 },
      {
        tenant: 'acme',
        key_id: desk.key_id,
        key_name: 'Key of acme',
        tokens: TOKENS,
        cost: expect.any(Number),
        tokens_per_month: 1000,
      },
    ]);
    const own = await send(host, 'GET /api/v1/admin/budgets?tenant=other', { headers });
    expect(objects(own.body.items).map(({ tenant }) => tenant)).toEqual(['other']);
  });
});
