import { sql } from 'kysely';
import { Databases, insertRun } from '../../test/support/storage/databases.js';
import { stores } from '../../test/support/storage/stores.js';
import { Database } from '../storage/database.js';
import { type AuditEntry, hashOf } from './audit.entry.js';
import { type AuditEvent, appendAudit } from './audit.record.js';
import { AuditService } from './audit.service.js';

const BY_KEY: AuditEvent = { action: 'key.created', tenant: 'acme', actor: { id: 'key:1' }, target: 'key:2' };
const WRITERS = 50;

describe.each(stores)('AuditService on $name', (store) => {
  const databases = new Databases(store);
  let url: string;
  let database: Database;
  let audit: AuditService;

  beforeEach(async () => {
    url = await databases.newUrl();
    database = await databases.open(url);
    audit = new AuditService(database);
  });

  afterEach(() => databases.remove());

  async function all(after = 0): Promise<AuditEntry[]> {
    return await Array.fromAsync(audit.entries(after));
  }

  /** Changes rows as a database superuser could. */
  async function tamper(change: string): Promise<void> {
    const triggers = {
      sqlite: ['drop trigger audit_entries_not_updated', 'drop trigger audit_entries_not_deleted'],
      postgres: ['alter table audit_entries disable trigger all'],
    }[store.name];
    for (const statement of [...triggers, change]) await sql.raw(statement).execute(database.query);
  }

  it('commits an entry together with the rows that it is about, or neither', async () => {
    await insertRun(database, 'taken');
    const done = (id: string): Promise<void> =>
      database.write(async (transaction) => {
        appendAudit(transaction, { ...BY_KEY, target: `run:${id}` });
        const row = await transaction.selectFrom('runs').selectAll().executeTakeFirstOrThrow();
        await transaction
          .insertInto('runs')
          .values({ ...row, run_id: id })
          .execute();
      });

    const outcomes = await Promise.allSettled(['a', 'taken', 'b'].map(done));

    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((await all()).map(({ target }) => target)).toEqual(['run:a', 'run:b']);
  });

  it('verifies and lists entries whose details have another form', async () => {
    await audit.append({ ...BY_KEY, details: { share: Number.NaN } });
    await audit.append(BY_KEY);

    expect(await audit.verify()).toMatchObject({ entries: 2, broken: undefined });
    expect((await all()).map(({ details }) => details)).toEqual([{ share: null }, {}]);
  });

  it('builds one unbroken chain from concurrent writers on two replicas', async () => {
    const other = await Database.open(url, { isTool: true });
    const replicas = [audit, new AuditService(other)];
    await Promise.all(
      Array.from({ length: WRITERS }, async (_, index) => {
        // Some writes run together, some one after another.
        for (let turn = 0; turn < index % 4; turn++) await new Promise((resolve) => setImmediate(resolve));
        await replicas[index % 2]?.append({ ...BY_KEY, target: `key:${index}` });
      }),
    );
    await other.onApplicationShutdown();

    expect(await audit.verify()).toMatchObject({ entries: WRITERS, first: 1, broken: undefined });
    expect(new Set((await all()).map(({ target }) => target)).size).toBe(WRITERS);
  });

  it('does not deadlock with a replica whose rows it waits for', async () => {
    for (const id of ['a', 'b']) await insertRun(database, id);
    const other = await Database.open(url, { isTool: true });
    const touch = async (where: Database, ids: readonly string[]): Promise<void> => {
      await Promise.all(
        ids.map((id) =>
          where.write(async (transaction) => {
            // An entry written here would deadlock: the next write of the group needs a row of the one that
            // waits for the chain.
            appendAudit(transaction, BY_KEY);
            await transaction.updateTable('runs').set({ model: 'm' }).where('run_id', '=', id).execute();
          }),
        ),
      );
    };
    await Promise.all(Array.from({ length: 10 }, (_, turn) => touch(turn % 2 ? database : other, ['a', 'b'])));
    await other.onApplicationShutdown();

    expect(await audit.verify()).toMatchObject({ entries: 20, broken: undefined });
  });

  it('rejects changes of entries', async () => {
    await audit.append(BY_KEY);
    const changes = ['update audit_entries set actor = actor', 'delete from audit_entries'];
    if (store.name === 'postgres') changes.push('truncate audit_entries');
    for (const change of changes) {
      await expect(sql.raw(change).execute(database.query)).rejects.toThrow('never changed');
    }
    expect(await all()).toHaveLength(1);
  });

  it.each([
    ["update audit_entries set actor = 'key:9' where sequence = 3", 3, 'changed'],
    ["update audit_entries set details = '{' where sequence = 3", 3, 'changed'],
    ['delete from audit_entries where sequence = 1', 1, 'missing'],
  ])('detects %s', async (change, sequence, reason) => {
    for (let turn = 0; turn < 4; turn++) await audit.append(BY_KEY);
    await tamper(change);

    const { broken, entries } = await audit.verify();

    expect(broken).toEqual({ sequence, reason: expect.stringContaining(reason) });
    expect(entries).toBe(sequence - 1);
  });

  it('detects an entry that was rewritten with a valid hash', async () => {
    for (let turn = 0; turn < 3; turn++) await audit.append(BY_KEY);
    const [, second] = await all();
    const hash = hashOf({ ...second, actor: 'key:9' });
    await tamper(`update audit_entries set actor = 'key:9', hash = '${hash}' where sequence = 2`);

    expect((await audit.verify()).broken).toEqual({ sequence: 3, reason: expect.stringContaining('before') });
  });

  it('detects a missing end or a rewritten chain by an anchor', async () => {
    for (let turn = 0; turn < 3; turn++) await audit.append(BY_KEY);
    const { head } = await audit.verify();
    expect(await audit.verify({ anchor: head })).toMatchObject({ entries: 3, broken: undefined });
    expect((await audit.verify({ anchor: { sequence: 3, hash: 'f'.repeat(64) } })).broken?.sequence).toBe(3);

    await tamper('delete from audit_entries where sequence = 3');

    expect(await audit.verify()).toMatchObject({ entries: 2, broken: undefined });
    expect((await audit.verify({ anchor: head })).broken?.reason).toContain('missing');
  });

  it('stores only the pseudonym of an end user, and finds nothing after the pseudonym is erased', async () => {
    const ada: AuditEvent = {
      ...BY_KEY,
      action: 'session.deleted',
      actor: { id: 'sub:miss.ada', endUser: 'miss.ada' },
      endUser: 'miss.ada',
      target: undefined,
    };
    await audit.append(ada);
    await audit.append({ ...ada, actor: { id: 'key:1', endUser: 'miss.ada' } });
    await audit.append({ ...ada, tenant: 'other' });
    await audit.append({ ...BY_KEY, actor: { id: 'ip:192.0.2.1' } });

    const [first, second, third, fourth] = await all();

    expect(first).toMatchObject({ actor: `subject:${first?.subject}`, target: `subject:${first?.subject}` });
    expect(second).toMatchObject({ actor: 'key:1', subject: first?.subject });
    expect(third?.subject).not.toBe(first?.subject);
    expect(fourth).toMatchObject({ actor: 'anonymous', subject: null });
    expect(JSON.stringify(await all())).not.toMatch(/miss|192\.0/);
    const listed = (endUser: string): Promise<number> =>
      audit.list({ limit: 9, tenant: 'acme', endUser }).then(({ items }) => items.length);
    expect([await listed('miss.ada'), await listed('bob')]).toEqual([2, 0]);
    await database.write((transaction) => transaction.deleteFrom('audit_subjects').execute());
    expect(await listed('miss.ada')).toBe(0);
    expect(await audit.verify()).toMatchObject({ entries: 4, broken: undefined });
  });

  it('lists filtered entries page by page, newest first', async () => {
    for (const tenant of ['a', 'b', 'a', 'a']) await audit.append({ ...BY_KEY, tenant });
    await audit.append({ ...BY_KEY, action: 'key.revoked', tenant: 'a', actor: { id: 'cli:ops' } });

    const first = await audit.list({ tenant: 'a', limit: 3 });
    const second = await audit.list({ tenant: 'a', limit: 3, cursor: first.next_cursor ?? '' });

    expect([...first.items, ...second.items].map(({ sequence }) => sequence)).toEqual([5, 4, 3, 1]);
    expect(second.next_cursor).toBeNull();
    for (const [filter, count] of [
      [{ action: 'key.revoked' }, 1],
      [{ actor: 'cli:ops' }, 1],
      [{ from: Date.now() + 60_000 }, 0],
      [{ to: Date.now() + 60_000 }, 5],
    ] as const) {
      expect((await audit.list({ limit: 9, ...filter })).items).toHaveLength(count);
    }
    await expect(audit.list({ limit: 1, cursor: 'nonsense' })).rejects.toMatchObject({ code: 'validation_failed' });
    expect((await all(3)).map(({ sequence }) => sequence)).toEqual([4, 5]);
  });
});
