import { Databases } from '../../test/support/storage/databases.js';
import { stores } from '../../test/support/storage/stores.js';
import { ApiKeyAuthenticator } from '../auth/api-key.authenticator.js';
import { ApiKeyCache } from '../auth/api-key.cache.js';
import type { Principal } from '../auth/principal.js';
import type { Database } from '../storage/database.js';
import { LocalPubSub } from '../storage/pubsub/local.pubsub.js';
import type { NewApiKey } from './key.input.js';
import { KeysRepository } from './keys.repository.js';
import { KeysService } from './keys.service.js';

const WANTED = { name: 'web', tenant: 'acme', scopes: ['chat'] } as const;
const DAY_MS = 86_400_000;

describe.each(stores)('the rules of a key on $name', (store) => {
  const databases = new Databases(store);
  const pubsub = new LocalPubSub();
  let database: Database;
  let cache: ApiKeyCache;
  let keys: KeysService;

  beforeAll(async () => {
    database = await databases.open();
    cache = new ApiKeyCache(database, pubsub);
    keys = withLifetimes();
  });
  afterAll(() => databases.remove());

  const withLifetimes = (ttlDays?: number, maxDays?: number): KeysService =>
    new KeysService(new KeysRepository(database), pubsub, { ttlDays, maxDays });
  const call = (key: string, { endUser = '', address = '127.0.0.1', isRequired = false } = {}): Promise<Principal> =>
    new ApiKeyAuthenticator(cache, isRequired).authenticate({
      headers: { 'x-api-key': key, ...(endUser === '' ? {} : { 'x-end-user': endUser }) },
      address,
    });

  it.each<[Partial<NewApiKey>, boolean, boolean]>([
    [{ endUser: 'required' }, false, true],
    [{ endUser: 'required', scopes: ['admin'] }, false, true],
    [{ endUser: 'optional' }, true, false],
    [{}, true, true],
    [{}, false, false],
    [{ scopes: ['sessions:read'] }, true, true],
    [{ scopes: ['metrics', 'usage:read', 'approvals'] }, true, false],
    [{ scopes: ['chat', 'admin'] }, true, false],
  ])('%j with REQUIRE_END_USER=%s: an end user is required: %s', async (rules, isRequired, isRefused) => {
    const { key } = await keys.create({ ...WANTED, ...rules }, 'test');
    expect(await call(key, { endUser: 'ada', isRequired })).toMatchObject({ endUser: 'ada' });
    const outcome = await call(key, { isRequired }).catch((failure: unknown) => failure);
    if (isRefused)
      expect(outcome).toMatchObject({ code: 'validation_failed', message: expect.stringContaining('X-End-User') });
    else expect(outcome).toEqual(expect.not.objectContaining({ endUser: expect.anything() }));
  });

  it('limit the addresses of its callers', async () => {
    const { key } = await keys.create({ ...WANTED, ipRanges: ['203.0.113.0/24', '2001:db8::/32'] }, 'test');
    for (const address of ['203.0.113.7', '2001:db8::7']) expect((await call(key, { address })).tenant).toBe('acme');
    for (const address of ['203.0.114.7', '127.0.0.1', 'unknown']) {
      await expect(call(key, { address })).rejects.toMatchObject({ code: 'forbidden' });
    }
  });

  it('are changed without a new key, and audited', async () => {
    const limits = { agentRoles: ['assistant'], models: ['gpt-4o'], tokensPerMonth: 5 };
    const { key, key_id } = await keys.create({ ...WANTED, ...limits }, 'test');
    expect((await call(key)).access).toEqual({ agentRoles: ['assistant'], models: ['gpt-4o'] });

    const changes = { agentRoles: ['coder'], models: null, tokensPerMonth: null, scopes: ['tasks'] } as const;
    const changed = await keys.update(key_id, changes, 'cli:ops');

    expect(changed).toMatchObject({ key_id, agent_roles: ['coder'], scopes: ['tasks'], name: 'web' });
    expect(changed).not.toHaveProperty('models');
    expect(changed).not.toHaveProperty('tokens_per_month');
    expect(await call(key)).toMatchObject({ access: { agentRoles: ['coder'], models: undefined }, scopes: ['tasks'] });
    const entries = await database.query
      .selectFrom('audit_entries')
      .select(['actor', 'details'])
      .where('target', '=', `key:${key_id}`)
      .where('action', '=', 'key.changed')
      .execute();
    expect(entries.map(({ actor, details }) => [actor, JSON.parse(details)])).toEqual([
      ['cli:ops', { agent_roles: ['coder'], models: 'none', tokens_per_month: 'none', scopes: ['tasks'] }],
    ]);
  });

  it('are not changed if the key is unknown or revoked, or the change is not valid', async () => {
    const { key_id } = await keys.create(WANTED, 'test');
    for (const fault of [
      {},
      { name: '' },
      { scopes: [] },
      { ipRanges: ['host'] },
      { models: [] },
      { costPerMonth: 0 },
    ]) {
      await expect(keys.update(key_id, fault)).rejects.toMatchObject({ code: 'validation_failed' });
    }
    await keys.revoke(key_id);
    for (const id of [key_id, 'none']) {
      await expect(keys.update(id, { name: 'other' })).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  it('have a default and a longest lifetime', async () => {
    const daysOf = (expiresAt = ''): number => Math.round((Date.parse(expiresAt) - Date.now()) / DAY_MS);
    expect(daysOf((await withLifetimes(30, 90).create(WANTED, 'test')).expires_at)).toBe(30);
    expect(daysOf((await withLifetimes(undefined, 90).create(WANTED, 'test')).expires_at)).toBe(90);
    expect((await keys.create(WANTED, 'test')).expires_at).toBeUndefined();

    const limited = withLifetimes(30, 90);
    const [inside, beyond] = [new Date(Date.now() + 90 * DAY_MS), new Date(Date.now() + 91 * DAY_MS)];
    const { key_id } = await limited.create({ ...WANTED, expiresAt: inside }, 'test');
    const tooLong = { code: 'validation_failed', message: expect.stringContaining('within 90 days') };
    await expect(limited.create({ ...WANTED, expiresAt: beyond }, 'test')).rejects.toMatchObject(tooLong);
    for (const expiresAt of [beyond, null]) {
      await expect(limited.update(key_id, { expiresAt })).rejects.toMatchObject(tooLong);
    }
  });
});
