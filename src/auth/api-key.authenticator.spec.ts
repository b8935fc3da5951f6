import { Databases } from '../../test/support/storage/databases.js';
import { stores } from '../../test/support/storage/stores.js';
import { until } from '../../test/support/until.js';
import { KeysRepository } from '../keys/keys.repository.js';
import { KeysService } from '../keys/keys.service.js';
import { openKeys, type OpenKeys } from '../keys/open.keys.js';
import type { Database } from '../storage/database.js';
import { LocalPubSub } from '../storage/pubsub/local.pubsub.js';
import { ApiKeyAuthenticator } from './api-key.authenticator.js';
import { apiKeyText, readApiKey } from './api-key.format.js';
import { ApiKeyCache } from './api-key.cache.js';
import type { Principal } from './principal.js';

const { jest } = import.meta;

const NO_LIFETIMES = { ttlDays: undefined, maxDays: undefined };
const WANTED = { name: 'web', tenant: 'acme', scopes: ['chat', 'tasks'] } as const;
/** The contract bounds how long a revoked key stays valid. */
const SECOND_MS = 1000;

/** The key with the id of another, and a valid checksum. */
function withId(key: string, id: string): string {
  return apiKeyText({ id, secret: readApiKey(key)?.secret ?? '' });
}

describe.each(stores)('a key on $name', (store) => {
  const databases = new Databases(store);
  let database: Database;
  let authenticator: ApiKeyAuthenticator;
  let keys: KeysService;
  /** Keys of another process whose changes are not announced, such as the command line. */
  let elsewhere: OpenKeys;

  beforeAll(async () => {
    const url = await databases.newUrl();
    database = await databases.open(url);
    const pubsub = new LocalPubSub();
    authenticator = new ApiKeyAuthenticator(new ApiKeyCache(database, pubsub));
    keys = new KeysService(new KeysRepository(database), pubsub, NO_LIFETIMES);
    elsewhere = await openKeys(url);
  });
  afterAll(async () => {
    await elsewhere.close();
    await databases.remove();
  });

  const authenticate = (headers: Record<string, string>, protocols: string[] = []) =>
    authenticator.authenticate({ headers, address: '127.0.0.1', protocols });
  const refusal = (detail: RegExp) => ({ code: 'unauthenticated', message: expect.stringMatching(detail) });

  /** Records when the credentials of a request in progress end. */
  function watch(principal: Principal, by = authenticator): { expiredMs?: number; end: () => void } {
    const watched: { expiredMs?: number; end: () => void } = {
      end: by.onCredentialsExpired(principal, () => (watched.expiredMs ??= performance.now())),
    };
    return watched;
  }

  it('identifies its tenant in each place where it may be sent', async () => {
    const { key, key_id } = await keys.create({ ...WANTED, requestsPerMinute: 7 }, 'test');
    const expected = { tenant: 'acme', id: `key:${key_id}`, scopes: ['chat', 'tasks'] };

    expect(await authenticate({ authorization: `Bearer ${key}` })).toMatchObject({
      ...expected,
      limits: { requestsPerMinute: 7 },
    });
    expect(await authenticate({ authorization: `bearer  ${key} ` })).toMatchObject(expected);
    expect(await authenticate({ 'x-api-key': key })).toMatchObject(expected);
    expect(await authenticate({ authorization: 'Basic YTpi', 'x-api-key': key })).toMatchObject(expected);
    expect(await authenticate({}, ['rookery', key])).toMatchObject(expected);
    expect(await authenticate({ 'x-api-key': key, 'x-end-user': 'ada' })).toMatchObject({
      ...expected,
      endUser: 'ada',
    });
    expect((await authenticate({ 'x-api-key': key })).endUser).toBeUndefined();
  });

  it('is valid in the form of an earlier release', async () => {
    const { key, key_id } = await keys.create(WANTED, 'test');
    const old = `rk_${key_id}_${readApiKey(key)?.secret}`;
    expect(await authenticate({ 'x-api-key': old })).toMatchObject({ id: `key:${key_id}` });
    expect(await authenticate({}, ['rookery', old])).toMatchObject({ id: `key:${key_id}` });
  });

  it('is refused for its checksum before the database is asked', async () => {
    const { key } = await keys.create(WANTED, 'test');
    const reads = jest.spyOn(ApiKeyCache.prototype, 'find');
    const wrong = key.slice(0, -1) + (key.endsWith('0') ? '1' : '0');
    await expect(authenticate({ 'x-api-key': wrong })).rejects.toMatchObject(refusal(/checksum/));
    expect(reads).not.toHaveBeenCalled();
    reads.mockRestore();
  });

  it('is stored only as a hash', async () => {
    const { key, key_id } = await keys.create(WANTED, 'test');
    const row = await database.query
      .selectFrom('api_keys')
      .selectAll()
      .where('key_id', '=', key_id)
      .executeTakeFirstOrThrow();

    expect(JSON.stringify(row)).not.toContain(key.slice(-43));
    expect(row.hash).toMatch(/^[\w-]{43}$/);
  });

  it('is refused if it is missing, malformed, unknown or has the secret of another key', async () => {
    const [one, other] = [await keys.create(WANTED, 'test'), await keys.create(WANTED, 'test')];

    await expect(authenticate({})).rejects.toMatchObject(refusal(/API key is required/));
    await expect(authenticate({ 'x-api-key': 'secret' })).rejects.toMatchObject(refusal(/not an API key/));
    await expect(authenticate({ 'x-api-key': withId(one.key, '0'.repeat(16)) })).rejects.toMatchObject(
      refusal(/key is not valid/),
    );
    await expect(authenticate({ 'x-api-key': withId(one.key, other.key_id) })).rejects.toMatchObject(
      refusal(/key is not valid/),
    );
    await expect(authenticate({ 'x-api-key': one.key, 'x-end-user': 'a b' })).rejects.toMatchObject({
      code: 'validation_failed',
    });
  });

  it('is refused at once if this process revoked it', async () => {
    const { key, key_id } = await keys.create(WANTED, 'test');
    await authenticate({ 'x-api-key': key });

    await keys.revoke(key_id);

    await expect(authenticate({ 'x-api-key': key })).rejects.toMatchObject(refusal(/revoked/));
  });

  it('is refused within a second if another process revoked it, also for requests in progress', async () => {
    const { key, key_id } = await keys.create(WANTED, 'test');
    const principal = await authenticate({ 'x-api-key': key });
    let expiredMs: number | undefined;
    const end = authenticator.onCredentialsExpired(principal, () => (expiredMs ??= performance.now()));
    await elsewhere.keys.revoke(key_id);
    const revokedMs = performance.now();

    const refusedMs = await until('it is refused', async () => {
      const isRefused = await authenticate({ 'x-api-key': key }).then(
        () => false,
        () => true,
      );
      return isRefused && performance.now();
    });
    const noticedMs = await until('it is notified', () => expiredMs);
    end();

    expect(refusedMs - revokedMs).toBeLessThan(2 * SECOND_MS);
    expect(noticedMs - revokedMs).toBeLessThan(4 * SECOND_MS);
  });

  it('ends requests in progress that a replaced secret has begun, but not those of the new one', async () => {
    const old = await keys.create(WANTED, 'test');
    const first = watch(await authenticate({ 'x-api-key': old.key }));
    const next = await elsewhere.keys.rotate(old.key_id);
    const rotatedMs = performance.now();
    const second = watch(await authenticate({ 'x-api-key': next.key, 'x-end-user': 'ada' }));

    expect((await until('it is notified', () => first.expiredMs)) - rotatedMs).toBeLessThan(2 * SECOND_MS);
    expect(second.expiredMs).toBeUndefined();

    await keys.rotate(old.key_id, 60_000);
    await keys.rotate(old.key_id, 60_000);
    await until('the secret before the previous one ends', () => second.expiredMs);
    for (const each of [first, second]) each.end();
  });

  it('ends requests in progress of the previous secret at the end of the overlap', async () => {
    const old = await keys.create(WANTED, 'test');
    const watched = watch(await authenticate({ 'x-api-key': old.key }));
    const rotatedMs = performance.now();
    await keys.rotate(old.key_id, SECOND_MS);

    const expiredMs = await until('it is notified', () => watched.expiredMs);

    expect(expiredMs - rotatedMs).toBeGreaterThan(SECOND_MS - 5);
    expect(expiredMs - rotatedMs).toBeLessThan(2 * SECOND_MS);
    watched.end();
  });

  it('is checked by one timer for all its requests in progress', async () => {
    const { key } = await keys.create(WANTED, 'test');
    const timers = jest.spyOn(globalThis, 'setInterval');
    const watched = [];
    for (let count = 0; count < 3; count++) watched.push(watch(await authenticate({ 'x-api-key': key })));
    expect(timers).toHaveBeenCalledTimes(1);
    for (const { end } of watched) end();
    const again = watch(await authenticate({ 'x-api-key': key }));
    expect(timers).toHaveBeenCalledTimes(2);
    again.end();
    timers.mockRestore();
  });

  it('ends requests in progress once it has expired, even while the database is away', async () => {
    const own = await databases.open();
    const ownKeys = new KeysService(new KeysRepository(own), new LocalPubSub(), NO_LIFETIMES);
    const ownAuthenticator = new ApiKeyAuthenticator(new ApiKeyCache(own, new LocalPubSub()));
    const { key } = await ownKeys.create({ ...WANTED, expiresAt: new Date(Date.now() + SECOND_MS) }, 'test');
    const principal = await ownAuthenticator.authenticate({ headers: { 'x-api-key': key }, address: '127.0.0.1' });
    const watched = watch(principal, ownAuthenticator);
    // The time of use is stored by now.
    await own.write(async () => undefined);
    await own.onApplicationShutdown();

    await until('it is notified', () => watched.expiredMs, 3 * SECOND_MS);
    watched.end();
  });

  it('is refused once it has expired', async () => {
    const { key } = await keys.create({ ...WANTED, expiresAt: new Date(Date.now() + 2000) }, 'test');
    await authenticate({ 'x-api-key': key });

    await until('it has expired', () =>
      authenticate({ 'x-api-key': key }).then(
        () => false,
        (error: unknown) => error instanceof Error && /expired/.test(error.message),
      ),
    );
  });

  it('has a new secret after a rotation; the previous one stays valid for the overlap', async () => {
    const old = await keys.create(WANTED, 'test');
    const next = await keys.rotate(old.key_id, 60_000);
    expect(next).toMatchObject({ key_id: old.key_id, tenant: 'acme', name: 'web' });
    for (const { key } of [old, next]) await authenticate({ 'x-api-key': key });

    const last = await keys.rotate(old.key_id);

    for (const { key } of [old, next]) {
      await expect(authenticate({ 'x-api-key': key })).rejects.toMatchObject(refusal(/key is not valid/));
    }
    await authenticate({ 'x-api-key': last.key });
  });

  it('is valid at once if another process rotated it', async () => {
    const old = await keys.create(WANTED, 'test');
    await authenticate({ 'x-api-key': old.key });

    const next = await elsewhere.keys.rotate(old.key_id, 60_000);

    await expect(authenticate({ 'x-api-key': next.key })).resolves.toMatchObject({ id: `key:${old.key_id}` });
    await authenticate({ 'x-api-key': old.key });
  });

  it('stores when it was used', async () => {
    const { key, key_id } = await keys.create(WANTED, 'test');
    await authenticate({ 'x-api-key': key });

    const used = await until('it is recorded', async () => {
      const { items } = await keys.list({ tenant: 'acme', limit: 100 });
      return items.find((item) => item.key_id === key_id)?.last_used_at;
    });
    expect(Date.now() - Date.parse(used)).toBeLessThan(60_000);
  });
});
