import type { LookupAddress } from 'node:dns';
import { type RawBuilder, sql } from 'kysely';
import { Databases } from '../../../test/support/storage/databases.js';
import { keepQuiet } from '../../../test/support/quiet.js';
import { itOnPostgres, stores } from '../../../test/support/storage/stores.js';
import { until } from '../../../test/support/until.js';
import { status, verified, WEBHOOK_SECRET, WebhookReceiver } from '../../../test/support/servers/webhook.receiver.js';
import { KeysRepository } from '../../keys/keys.repository.js';
import { KeysService } from '../../keys/keys.service.js';
import { ReplicaId } from '../../runs/recovery/replica.id.js';
import type { Database } from '../../storage/database.js';
import { LocalPubSub } from '../../storage/pubsub/local.pubsub.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import { WebhookClient } from './webhook.client.js';
import { WebhookSchedule } from './webhook.schedule.js';
import { WebhookSigner } from './webhook.signer.js';
import { WebhookSender } from './webhook.sender.js';
import { WebhookResolver, WebhookTargets } from './webhook.targets.js';
import { type ClaimedWebhook, type WebhookRow, WebhooksRepository } from './webhooks.repository.js';
import { completeOptions } from '../../options/options.defaults.js';

const HOUR_MS = 3_600_000;
const BODY = '{"task_id":"t1","status":"completed"}';
const ROW = { run_id: 't1', tenant: 'default', session_id: 's', body: BODY };

/** A clock that is advanced by hand. */
class TestSchedule extends WebhookSchedule {
  override readonly pollIntervalMs = 5;
  override readonly attemptTimeoutMs: number = 15_000;
  aheadMs = 0;

  override now(): number {
    return Date.now() + this.aheadMs;
  }

  /** The clock of the database is advanced too. */
  override clock(database: Pick<Database, 'dialect'>): RawBuilder<number> {
    const clock = super.clock(database);
    return database.dialect === 'sqlite' ? clock : sql<number>`(${clock} + ${sql.lit(this.aheadMs)})`;
  }
}

/** A clock that only the test advances. */
class StoppedSchedule extends TestSchedule {
  readonly #startMs = Date.now();

  override now(): number {
    return this.#startMs + this.aheadMs;
  }

  override clock(): RawBuilder<number> {
    return sql<number>`(${sql.lit(this.now())})`;
  }
}

/** The clock of a process that is wrong. */
class SkewedSchedule extends TestSchedule {
  constructor(private readonly skewMs: number) {
    super();
  }

  override now(): number {
    return Date.now() + this.skewMs;
  }
}

class ImpatientSchedule extends TestSchedule {
  override readonly attemptTimeoutMs = 300;
}

/** Resolves every name to this machine, or to the given addresses. */
class TestResolver extends WebhookResolver {
  readonly asked: string[] = [];

  constructor(private readonly answer: readonly string[] = ['127.0.0.1']) {
    super();
  }

  addresses(name: string): Promise<readonly LookupAddress[]> {
    this.asked.push(name);
    return Promise.resolve(this.answer.map((address) => ({ address, family: 4 })));
  }
}

interface Part {
  readonly sender: WebhookSender;
  readonly webhooks: WebhooksRepository;
  readonly deliveries: DeliveriesRepository;
  readonly schedule: TestSchedule;
  readonly replica: ReplicaId;
  stop(): Promise<void>;
}

interface PartOptions {
  readonly allowPrivate?: boolean;
  readonly schedule?: TestSchedule;
  readonly resolver?: WebhookResolver;
  readonly secret?: string | undefined;
  readonly role?: 'all' | 'http' | 'worker';
}

describe.each(stores)('WebhookSender on $name', (store) => {
  const captured = keepQuiet();
  const databases = new Databases(store);
  const parts: Part[] = [];
  const receivers: WebhookReceiver[] = [];
  let database: Database;

  beforeEach(async () => (database = await databases.open()));
  afterEach(async () => {
    await Promise.all(parts.splice(0).map((part) => part.stop()));
    await Promise.all(receivers.splice(0).map((receiver) => receiver.close()));
    // The tests of a file need more connections than PostgreSQL has.
    await database.onApplicationShutdown();
  });
  afterEach(() => databases.remove());

  async function receive(...replies: Parameters<WebhookReceiver['next']>): Promise<WebhookReceiver> {
    const receiver = await WebhookReceiver.start();
    receivers.push(receiver);
    receiver.next(...replies);
    return receiver;
  }

  /** The sender of one process, which has sent a heartbeat. */
  async function add(options: PartOptions = {}): Promise<Part> {
    const { allowPrivate = true, schedule = new TestSchedule(), resolver = new TestResolver(), role = 'all' } = options;
    const secret = 'secret' in options ? options.secret : WEBHOOK_SECRET;
    const replica = new ReplicaId();
    const heartbeat = { replica_id: replica.id, heartbeat_at: Date.now() };
    await database.write((transaction) => transaction.insertInto('replicas').values(heartbeat).execute());
    const { tasks } = completeOptions({ role, webhooks: { secret, allowPrivate } });
    const client = new WebhookClient(new WebhookTargets(tasks, resolver), schedule, new WebhookSigner(tasks));
    const webhooks = new WebhooksRepository(database, replica, schedule);
    const deliveries = new DeliveriesRepository(database, webhooks, schedule);
    const sender = new WebhookSender(webhooks, deliveries, client, schedule, tasks);
    const part = {
      sender,
      webhooks,
      deliveries,
      schedule,
      replica,
      async stop() {
        await sender.beforeApplicationShutdown();
        await client.onApplicationShutdown();
      },
    };
    parts.push(part);
    return part;
  }

  async function start(options?: PartOptions): Promise<Part> {
    const part = await add(options);
    part.sender.onApplicationBootstrap();
    return part;
  }

  const enqueue = ({ webhooks }: Part, url: string, run_id = ROW.run_id, tenant = ROW.tenant): Promise<void> =>
    database.write((transaction) => webhooks.enqueue(transaction, { ...ROW, run_id, tenant, url }));

  /** Claims the only row. */
  async function claim({ webhooks }: Part): Promise<ClaimedWebhook> {
    const [row] = await rows();
    const claimed = row && (await webhooks.claim(row));
    if (!claimed) throw new Error('another was quicker');
    return claimed;
  }

  const rows = (): Promise<WebhookRow[]> => database.query.selectFrom('webhooks').selectAll().execute();
  const finished = () => database.query.selectFrom('webhook_deliveries').selectAll().execute();
  const gone = () => until('nothing is left', async () => (await rows()).length === 0);
  const failed = (attempts: number) =>
    until(`attempt ${attempts} has failed`, async () => {
      const [row] = await rows();
      return row?.attempts === attempts && row.claimed_by === null && row;
    });

  it('posts the signed body, and removes its row', async () => {
    const receiver = await receive();
    const part = await start();
    await enqueue(part, receiver.url);
    await gone();
    const [post, ...more] = receiver.posts;
    expect(more).toEqual([]);
    expect(verified(post)).toEqual({ task_id: 't1', status: 'completed' });
    expect(post).toMatchObject({
      path: '/hook?token=secret-in-the-query',
      body: BODY,
      headers: { 'content-type': 'application/json', 'user-agent': 'rookery', 'webhook-id': 't1' },
    });
  });

  it('signs the whole body', async () => {
    const receiver = await receive();
    await enqueue(await start(), receiver.url);
    const post = await until('it exists', () => receiver.posts[0]);
    expect(() => verified({ ...post, body: BODY.replace('t1', 't2') })).toThrow('No matching signature');
  });

  it('retries within 5 seconds under the same id, then with increasing delays', async () => {
    const receiver = await receive(status(500), status(500), status(404));
    const part = await start();
    await enqueue(part, receiver.url);
    let before = 0;
    for (let attempts = 1; attempts <= 3; attempts++) {
      const row = await failed(attempts);
      const delayMs = row.next_at - part.schedule.now();
      expect(delayMs).toBeGreaterThan(before);
      expect(delayMs).toBeLessThanOrEqual(attempts === 1 ? 4000 : 20_000);
      before = delayMs / 2;
      expect(receiver.posts).toHaveLength(attempts);
      part.schedule.aheadMs += delayMs + 1000;
    }
    await gone();
    expect(receiver.posts).toHaveLength(4);
    expect(new Set(receiver.posts.map(({ headers }) => headers['webhook-id']))).toEqual(new Set(['t1']));
    expect(new Set(receiver.posts.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(4);
  });

  it('retries after a broken connection and after silence', async () => {
    const receiver = await receive(
      (response) => void response.socket?.resetAndDestroy(),
      () => undefined,
    );
    const part = await start({ schedule: new ImpatientSchedule() });
    await enqueue(part, receiver.url);
    await failed(1);
    part.schedule.aheadMs += 10_000;
    await failed(2);
    part.schedule.aheadMs += 10_000;
    await gone();
    expect(receiver.posts).toHaveLength(3);
  });

  it('reads only the status of an answer, not its body', async () => {
    const receiver = await receive(
      (response) => void response.writeHead(200).write('x'.repeat(1_000_000)),
      (response) => void response.writeHead(200).write('and then nothing'),
    );
    const part = await start();
    await enqueue(part, receiver.url);
    await gone();
    await enqueue(part, receiver.url, 't2');
    await gone();
    expect(receiver.posts).toHaveLength(2);
  });

  it('does not follow a redirect', async () => {
    const elsewhere = await receive();
    const receiver = await receive(
      ...[301, 302, 303, 307, 308].map((code) => status(code, { location: elsewhere.url })),
    );
    const part = await start();
    await enqueue(part, receiver.url);
    for (let attempts = 1; attempts <= 5; attempts++) {
      await failed(attempts);
      part.schedule.aheadMs += HOUR_MS;
    }
    await gone();
    expect(receiver.posts).toHaveLength(6);
    expect(elsewhere.posts).toEqual([]);
  });

  it('stops at 410', async () => {
    const receiver = await receive(status(410));
    await enqueue(await start(), receiver.url);
    await gone();
    expect(receiver.posts).toHaveLength(1);
    expect(captured.warnings.join()).toContain('status 410');
    expect(await finished()).toMatchObject([{ status: 'given_up', attempts: 1, last_error: 'status 410' }]);
  });

  it('posts nothing more for a revoked key once the run is removed', async () => {
    const receiver = await receive();
    const lifetimes = { ttlDays: undefined, maxDays: undefined };
    const keys = new KeysService(new KeysRepository(database), new LocalPubSub(), lifetimes);
    const { key_id } = await keys.create({ name: 'k', tenant: 'default', scopes: ['tasks'] }, 'test');
    const part = await start();
    await database.write((transaction) =>
      part.webhooks.enqueue(transaction, { ...ROW, url: receiver.url, caller: `key:${key_id}` }),
    );
    part.sender.poll();
    await gone();
    expect(receiver.posts).toHaveLength(1);

    await keys.revoke(key_id, 'test');
    await part.deliveries.redeliver(ROW.run_id, { tenant: ROW.tenant });
    part.sender.poll();
    await gone();
    expect(receiver.posts).toHaveLength(1);
    expect(await finished()).toMatchObject([
      { status: 'given_up', last_error: 'the API key that submitted the task was revoked' },
    ]);
  });

  it.each([
    ['seconds', () => '600', 600_000],
    ['a date', () => new Date(Date.now() + 600_000).toUTCString(), 600_000],
    ['more than a day', () => '9999999', 24 * HOUR_MS],
  ])('waits as long as Retry-After requests, in %s', async (_, value, expected) => {
    const receiver = await receive(status(429, { 'retry-after': value() }));
    const part = await start();
    await enqueue(part, receiver.url);
    const delayMs = (await failed(1)).next_at - part.schedule.now();
    expect(delayMs).toBeGreaterThan(expected - 3000);
    // With a jitter, but never later than the last try.
    expect(delayMs).toBeLessThanOrEqual(Math.min(expected * 1.25, 24 * HOUR_MS));
  });

  it.each(['soon', '-1', '1.5', '', 'January 2099', '2099-01-01T00:00:00Z'])(
    'ignores the Retry-After %p',
    async (value) => {
      const receiver = await receive(status(503, { 'retry-after': value }));
      const part = await start();
      await enqueue(part, receiver.url);
      expect((await failed(1)).next_at - part.schedule.now()).toBeLessThanOrEqual(4000);
    },
  );

  it('gives up a day after the first attempt, with a last one then', async () => {
    const replies = Array.from({ length: 100 }, () => status(500));
    const receiver = await receive(...replies);
    const part = await add();
    const firstAt = part.schedule.now();
    await enqueue(part, receiver.url);
    // The day starts with the first attempt, even if the row was enqueued long before.
    part.schedule.aheadMs = 100 * HOUR_MS;
    part.sender.onApplicationBootstrap();
    let lastAt = 0;
    for (let attempts = 1; (await rows()).length > 0; attempts++) {
      const row = await failedOrGone(attempts);
      if (!row) break;
      lastAt = row.next_at;
      part.schedule.aheadMs = row.next_at - Date.now() + 1;
    }
    const tries = receiver.posts.length;
    expect(tries).toBeGreaterThan(15);
    expect(tries).toBeLessThan(40);
    expect(lastAt - firstAt - 100 * HOUR_MS).toBeGreaterThan(24 * HOUR_MS - 60_000);
    expect(lastAt - firstAt - 100 * HOUR_MS).toBeLessThan(24 * HOUR_MS + 60_000);
    expect(captured.warnings.at(-1)).toContain('given up');
    expect(captured.warnings.join()).not.toContain('secret-in-the-query');
    expect(captured.warnings.join()).not.toContain('completed');
  });

  const failedOrGone = (attempts: number) =>
    until(`attempt ${attempts} has ended`, async () => {
      const [row] = await rows();
      if (!row) return { row: undefined };
      return row.attempts === attempts && row.claimed_by === null && { row };
    }).then(({ row }) => row);

  it('refuses a private address at delivery, for any row of the outbox', async () => {
    const receiver = await receive();
    const part = await start({ allowPrivate: false });
    await enqueue(part, receiver.url);
    await enqueue(part, receiver.url.replace('http:', 'https:'), 't2');
    await gone();
    expect(receiver.posts).toEqual([]);
    expect(captured.warnings).toHaveLength(2);
  });

  it('refuses a name with a private address at delivery, and retries', async () => {
    const receiver = await receive();
    let connections = 0;
    receiver.onConnection(() => connections++);
    const resolver = new TestResolver(['127.0.0.1']);
    const part = await start({ allowPrivate: false, resolver });
    await enqueue(part, `https://rebound.example:${receiver.port}/`);
    await failed(1);
    expect(resolver.asked).toEqual(['rebound.example']);
    expect(connections).toBe(0);
  });

  it('connects to the checked address, and resolves the name once', async () => {
    const receiver = await receive();
    const resolver = new TestResolver(['127.0.0.1']);
    await enqueue(await start({ resolver }), `http://somewhere.example:${receiver.port}/`);
    await gone();
    expect(receiver.posts[0]?.headers.host).toBe(`somewhere.example:${receiver.port}`);
    expect(resolver.asked).toEqual(['somewhere.example']);
  });

  it('sends the rows of an earlier process', async () => {
    const receiver = await receive();
    await enqueue(await add(), receiver.url);
    await start();
    await gone();
    expect(receiver.posts).toHaveLength(1);
  });

  it('leaves the claimed rows of another process until that has died', async () => {
    const receiver = await receive();
    const other = await add();
    await enqueue(other, receiver.url);
    await claim(other);
    const part = await start();
    await enqueue(part, receiver.url, 't2');
    await until('only the claimed one is left', async () => (await rows()).length === 1);
    expect(receiver.posts.map(({ headers }) => headers['webhook-id'])).toEqual(['t2']);

    await database.write((transaction) =>
      transaction.deleteFrom('replicas').where('replica_id', '=', other.replica.id).execute(),
    );
    await gone();
    expect(receiver.posts.map(({ headers }) => headers['webhook-id'])).toEqual(['t2', 't1']);
  });

  it('recovers the lost rows of a process after half a minute', async () => {
    const receiver = await receive();
    const schedule = new StoppedSchedule();
    const other = await add({ schedule });
    await enqueue(other, receiver.url);
    await claim(other);
    const part = await start({ schedule });
    schedule.aheadMs = 29_000;
    await enqueue(part, receiver.url, 't2');
    await until('only the claimed one is left', async () => (await rows()).length === 1);
    expect(receiver.posts).toHaveLength(1);
    schedule.aheadMs = 31_000;
    await gone();
    expect(receiver.posts).toHaveLength(2);
  });

  // One process uses an SQLite file, so its clock is the only one.
  itOnPostgres(store, 'counts by the clock of the database, not by those of processes', async () => {
    const receiver = await receive(status(500));
    const [late, early] = [
      await add({ schedule: new SkewedSchedule(-HOUR_MS) }),
      await add({ schedule: new SkewedSchedule(HOUR_MS) }),
    ];
    await enqueue(early, receiver.url);
    // Due at once, although the clock of its writer is ahead.
    const claimed = await claim(late);
    expect(claimed.last_tried_at - Date.now()).toBeGreaterThan(-10_000);
    await expect(claim(early)).rejects.toThrow('another was quicker');
    await late.webhooks.release(claimed);
    late.sender.onApplicationBootstrap();
    const { next_at, first_tried_at } = await failed(1);
    expect(next_at - Number(first_tried_at)).toBeLessThan(5000);
    expect(await early.webhooks.due('', [])).toEqual([]);
    await early.deliveries.redeliver('t1', { tenant: 'default' });
    await gone();
    const [kept] = await finished();
    expect((kept?.finished_at ?? Infinity) - (kept?.first_tried_at ?? 0)).toBeLessThan(10_000);
  });

  it('does not let an earlier claim change the row of a later one', async () => {
    const receiver = await receive();
    const part = await add();
    await enqueue(part, receiver.url);
    const first = await claim(part);
    await expect(claim(part)).rejects.toThrow('another was quicker');
    part.schedule.aheadMs = 31_000;
    const second = await claim(part);
    expect(second.attempts).toBe(2);
    await part.deliveries.finish(first, 'delivered', null);
    await part.webhooks.release(first, { next_at: 0 });
    await part.webhooks.release(first);
    expect(await rows()).toEqual([second]);
    expect(await finished()).toEqual([]);
  });

  it('sends each row once with several processes, at most two at once to one host', async () => {
    const slow = (response: { writeHead(code: number): { end(): void } }) =>
      void setTimeout(() => response.writeHead(204).end(), 10);
    const receiver = await WebhookReceiver.start(slow);
    receivers.push(receiver);
    const part = await add();
    const ids = Array.from({ length: 40 }, (_, index) => `t${index}`);
    for (const id of ids) await enqueue(part, receiver.url, id);
    part.sender.onApplicationBootstrap();
    await start();
    await gone();
    const sent = receiver.posts.map(({ headers }) => String(headers['webhook-id']));
    expect(sent.toSorted()).toEqual(ids.toSorted());
    expect(receiver.most).toBeLessThanOrEqual(4);
  });

  it('serves other hosts while one is slow', async () => {
    const slow = await receive(...Array.from({ length: 20 }, () => () => undefined));
    const quick = await receive();
    const part = await add();
    for (let index = 0; index < 20; index++) await enqueue(part, slow.url, `slow-${index}`);
    await enqueue(part, quick.url, 'quick');
    part.sender.onApplicationBootstrap();
    await until('both have received', () => quick.posts.length === 1 && slow.most >= 2);
    expect(slow.most).toBe(2);
  });

  it('keeps a delivered webhook, and sends it again under the same id with a new signature', async () => {
    const receiver = await receive(status(500));
    const part = await start();
    await enqueue(part, receiver.url);
    await failed(1);
    const owner = { tenant: 'default' };
    expect(await rows()).toMatchObject([{ last_error: 'status 500', last_tried_at: expect.any(Number) }]);
    // A pending one becomes due.
    expect(await part.deliveries.redeliver('t1', owner)).toMatchObject({ status: 'pending', attempts: 1 });
    await gone();
    const [kept] = await finished();
    expect(kept).toMatchObject({ run_id: 't1', status: 'delivered', attempts: 2, last_error: null, body: BODY });
    expect(await part.deliveries.redeliver('t1', { tenant: 'other' })).toBeUndefined();

    part.schedule.aheadMs += HOUR_MS;
    const again = await Promise.all([part.deliveries.redeliver('t1', owner), part.deliveries.redeliver('t1', owner)]);
    expect(again).toMatchObject(Array.from({ length: 2 }, () => ({ status: 'pending', created_at: kept?.created_at })));
    await gone();
    expect(await finished()).toMatchObject([{ status: 'delivered', attempts: 1, created_at: kept?.created_at }]);
    const [, first, second, ...more] = receiver.posts;
    expect(more).toEqual([]);
    expect([first?.body, first?.headers['webhook-id']]).toEqual([second?.body, second?.headers['webhook-id']]);
    expect(Number(second?.headers['webhook-timestamp'])).toBeGreaterThan(Number(first?.headers['webhook-timestamp']));
    expect(first?.headers['webhook-signature']).not.toBe(second?.headers['webhook-signature']);
  });

  it('lets no claim from before a redelivery change the row', async () => {
    const receiver = await receive();
    const part = await add();
    await enqueue(part, receiver.url);
    const first = await claim(part);
    part.schedule.aheadMs = 31_000;
    await part.deliveries.finish(await claim(part), 'given_up', 'status 410');
    await part.deliveries.redeliver('t1', { tenant: 'default' });
    const again = await claim(part);
    expect(again.attempts).toBe(first.attempts);
    await part.deliveries.finish(first, 'delivered', null);
    await part.webhooks.release(first);
    expect(await rows()).toEqual([again]);
    expect(await finished()).toEqual([]);
  });

  it('keeps nothing of a webhook that was erased during its attempt', async () => {
    const receiver = await receive();
    const part = await add();
    await enqueue(part, receiver.url);
    const claimed = await claim(part);
    await database.write((transaction) => transaction.deleteFrom('webhooks').execute());
    await part.deliveries.finish(claimed, 'delivered', null);
    expect(await finished()).toEqual([]);
  });

  it('lists all webhooks of a tenant by page, newest first', async () => {
    const part = await add();
    for (const [index, run_id] of ['a', 'b', 'c', 'd', 'e'].entries()) {
      part.schedule.aheadMs = index;
      await enqueue(part, 'https://a.example/', run_id);
      await database.write((transaction) =>
        transaction.updateTable('webhooks').set({ created_at: index }).where('run_id', '=', run_id).execute(),
      );
    }
    await enqueue(part, 'https://a.example/', 'foreign', 'other');
    for (const row of await rows()) {
      if (!['b', 'd'].includes(row.run_id)) continue;
      const claimed = await part.webhooks.claim(row);
      if (claimed) await part.deliveries.finish(claimed, row.run_id === 'b' ? 'delivered' : 'given_up', 'status 500');
    }
    const filter = { tenant: 'default', limit: 3 };
    const idsOf = async (options: object) =>
      (await part.deliveries.list({ ...filter, ...options })).map(({ run_id }) => run_id);
    expect(await idsOf({})).toEqual(['e', 'd', 'c']);
    expect(await idsOf({ after: { at: 2, id: 'c' } })).toEqual(['b', 'a']);
    expect(await idsOf({ status: 'pending' })).toEqual(['e', 'c', 'a']);
    expect(await idsOf({ status: 'delivered' })).toEqual(['b']);
    expect(await idsOf({ status: 'given_up', endUser: 'ada' })).toEqual([]);
  });

  it('serves other tenants at once, and again within 5 seconds, while one has 200 webhooks to 4 silent hosts', async () => {
    const tarpit = await receive();
    tarpit.always(() => undefined);
    const quick = await receive(status(500));
    const part = await add();
    for (let index = 0; index < 200; index++) {
      await enqueue(part, `http://h${index % 4}.example:${tarpit.port}/`, `slow-${index}`, 'slow');
    }
    part.sender.onApplicationBootstrap();
    await until('the silent hosts are busy', () => tarpit.posts.length >= 8);
    await enqueue(part, quick.url, 'quick', 'other');
    await until('the other tenant is served', () => quick.posts.length === 1, 1000);
    await until('its failure is stored', async () =>
      (await rows()).some(({ run_id, last_error }) => run_id === 'quick' && last_error !== null),
    );
    part.schedule.aheadMs += 5000;
    await until('the other tenant is served again', () => quick.posts.length === 2, 1000);
    expect(tarpit.most).toBe(8);
  });

  it('leaves half of its slots to the first webhooks of other tenants', async () => {
    const tarpit = await receive();
    tarpit.always(() => undefined);
    const part = await add();
    for (let index = 0; index < 100; index++) {
      await enqueue(part, `http://h${index}.example:${tarpit.port}/`, `slow-${index}`, 'slow');
    }
    part.sender.onApplicationBootstrap();
    await until('its slots are taken', () => tarpit.posts.length >= 34);
    for (let index = 0; index < 20; index++) {
      for (const id of ['a', 'b', 'c']) {
        await enqueue(part, `http://t${index}.${id}.example:${tarpit.port}/`, `${id}-${index}`, `tenant-${index}`);
      }
    }
    await until('all slots are taken', () => tarpit.posts.length >= 64);
    // The time of several polls.
    await new Promise((resolve) => setTimeout(resolve, 40));
    const hosts = tarpit.posts.slice(34).map(({ headers }) => /^t\d+/.exec(headers.host ?? '')?.[0]);
    const counts = Object.values(Object.groupBy(hosts, (host) => host ?? '')).map((posts = []) => posts.length);
    expect(Math.max(...counts)).toBeLessThanOrEqual(2);
    expect(tarpit.most).toBe(64);
  });

  it('puts off all webhooks of a tenant to a silent host, for longer each time, until the host answers', async () => {
    const receiver = await receive();
    receiver.always(() => undefined);
    const part = await add({ schedule: new ImpatientSchedule() });
    const ids = Array.from({ length: 210 }, (_, index) => `slow-${index}`);
    await Promise.all(ids.map((id) => enqueue(part, receiver.url, id, 'slow')));
    await enqueue(part, receiver.url, 'other', 'other');
    const putOff = async (): Promise<number> => {
      const firstAt = await until('all are put off', async () => {
        const due = (await rows()).filter(({ tenant }) => tenant === 'slow').map(({ next_at }) => next_at);
        return Math.min(...due) > part.schedule.now() && Math.min(...due);
      });
      const delayMs = firstAt - part.schedule.now();
      part.schedule.aheadMs += delayMs;
      return delayMs;
    };
    part.sender.onApplicationBootstrap();
    const delays = [await putOff(), await putOff(), await putOff()];
    expect(delays).toEqual(delays.toSorted((one, other) => one - other));
    expect(delays[0]).toBeLessThan(5000);
    expect(delays[2]).toBeGreaterThan(10_000);
    expect(receiver.posts.length).toBeLessThan(12);

    receiver.always((response) => void response.writeHead(204).end());
    await database.write((transaction) =>
      transaction.deleteFrom('webhooks').where('run_id', 'not in', ids.slice(-9)).execute(),
    );
    part.schedule.aheadMs += HOUR_MS;
    await gone();
    receiver.always(() => undefined);
    await enqueue(part, receiver.url, 'again', 'slow');
    expect(await putOff()).toBeLessThan(5000);
  });

  it('aborts at shutdown, and another process sends the row at once', async () => {
    const receiver = await receive(() => undefined);
    const part = await start();
    await enqueue(part, receiver.url);
    await until('it runs', () => receiver.posts.length === 1);
    await part.stop();
    expect(await rows()).toMatchObject([{ attempts: 0, claimed_by: null }]);
    await start();
    await gone();
    expect(receiver.posts).toHaveLength(2);
  });

  it.each([
    ['no secret is configured', { secret: undefined }],
    ['the process takes requests only', { role: 'http' as const }],
  ])('sends nothing if %s', async (_, options) => {
    const receiver = await receive();
    const part = await start(options);
    await enqueue(part, receiver.url);
    part.sender.poll();
    // The time of several polls.
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(receiver.posts).toEqual([]);
    expect(await rows()).toMatchObject([{ attempts: 0 }]);
  });
});
