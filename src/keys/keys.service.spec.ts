import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Databases } from '../../test/support/storage/databases.js';
import { sqlite } from '../../test/support/storage/stores.js';
import { countTransactions } from '../../test/support/storage/transactions.js';
import { LocalPubSub } from '../storage/pubsub/local.pubsub.js';
import { KeysRepository } from './keys.repository.js';
import { KeysService } from './keys.service.js';
import { openKeys } from './open.keys.js';
import { isRevokedCaller } from '../auth/key.revocation.js';

const NO_LIFETIMES = { ttlDays: undefined, maxDays: undefined };
const WANTED = { name: 'web', tenant: 'acme', scopes: ['chat', 'tasks'] } as const;

describe('KeysService', () => {
  const databases = new Databases(sqlite);
  let keys: KeysService;
  beforeAll(async () => {
    keys = new KeysService(new KeysRepository(await databases.open()), new LocalPubSub(), NO_LIFETIMES);
  });
  afterAll(() => databases.remove());

  it('lists the keys of all tenants or of one, page by page, newest first', async () => {
    const made = [];
    for (const tenant of ['a', 'b', 'a']) made.push(await keys.create({ ...WANTED, tenant }, 'test'));
    const ids = made.map(({ key_id }) => key_id);

    const first = await keys.list({ limit: 2 });
    const second = await keys.list({ limit: 2, cursor: first.next_cursor ?? '' });

    expect(second.next_cursor).toBeNull();
    expect([...first.items, ...second.items].map(({ key_id }) => key_id).toSorted()).toEqual(ids.toSorted());
    expect((await keys.list({ limit: 9, tenant: 'b' })).items.map(({ key_id }) => key_id)).toEqual([ids[1]]);
    expect(JSON.stringify(first)).not.toContain(made[0]?.key.slice(-43));
  });

  it.each([
    { name: '' },
    { tenant: 'a b' },
    { scopes: [] },
    { expiresAt: new Date(0) },
    { expiresAt: new Date(Number.NaN) },
    { requestsPerMinute: 0 },
    { tokensPerMonth: 1.5 },
  ])('rejects %j', async (fault) => {
    await expect(keys.create({ ...WANTED, ...fault }, 'test')).rejects.toMatchObject({ code: 'validation_failed' });
  });

  it('does not revoke or rotate an unknown key, nor rotate a revoked one', async () => {
    const { key_id } = await keys.create(WANTED, 'test');
    await keys.revoke(key_id);
    await keys.revoke(key_id);

    for (const failing of [keys.revoke('none'), keys.rotate('none'), keys.rotate(key_id)]) {
      await expect(failing).rejects.toMatchObject({ code: 'not_found' });
    }
  });
});

describe('the tasks of a key', () => {
  const databases = new Databases(sqlite);
  afterAll(() => databases.remove());

  it('are not kept if an older replica revokes it', async () => {
    const database = await databases.open();
    const keys = new KeysService(new KeysRepository(database), new LocalPubSub(), NO_LIFETIMES);
    const { key_id } = await keys.create(WANTED, 'test');
    const isRevoked = (tenant: string, caller: string) => isRevokedCaller({ tenant, caller }, database.query);
    expect(await isRevoked('acme', `key:${key_id}`)).toBe(false);
    await database.write((transaction) => transaction.updateTable('api_keys').set({ revoked_at: 1 }).execute());
    expect(await isRevoked('acme', `key:${key_id}`)).toBe(true);
    expect(await isRevoked('other', `key:${key_id}`)).toBe(false);
    expect(await isRevoked('acme', `sub:${key_id}`)).toBe(false);
  });
});

describe('KeysRepository', () => {
  const databases = new Databases(sqlite);
  afterAll(() => databases.remove());

  it('starts no write for an invalid time', async () => {
    const database = await databases.open();
    const repository = new KeysRepository(database);
    const transactions = countTransactions(database);
    const rotated = repository.rotate('k', 'h', Number.NaN, { id: 'test' });
    await expect(rotated).rejects.toThrow(RangeError);
    expect(transactions).toEqual({ begun: 0, undone: 0 });
  });
});

describe('openKeys', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rookery-keys-'));
  const file = join(folder, 'rookery.db');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('creates no tables while a service runs, and works beside a running service', async () => {
    const service = new DatabaseSync(`${file}.lock`);
    service.exec('begin exclusive');
    await expect(openKeys(`file:${file}`)).rejects.toThrow('in use by another service');
    service.exec('rollback');
    await (await openKeys(`file:${file}`)).close();

    service.exec('begin exclusive');
    const opened = await openKeys(`file:${file}`);
    expect(await opened.keys.create(WANTED, 'test')).toMatchObject(WANTED);
    await opened.close();
    service.close();
  });
});
