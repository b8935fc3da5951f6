import { Databases } from '../../test/support/storage/databases.js';
import { keepQuiet } from '../../test/support/quiet.js';
import { stores } from '../../test/support/storage/stores.js';
import type { Principal } from '../auth/principal.js';
import { AgentError } from '../errors/agent.error.js';
import type { Database } from '../storage/database.js';
import { AuditService } from './audit.service.js';
import { StoredAccessAudit } from './stored.access-audit.js';

const { jest } = import.meta;
const HOUR_MS = 3_600_000;
const OPERATOR: Principal = { tenant: 'ops', id: 'key:op', scopes: ['admin'] };
const CALLER: Principal = { tenant: 'acme', id: 'sub:ursula', endUser: 'ursula', scopes: ['chat'] };
const requestId = { id: 'chosen', ownId: 'own' };

keepQuiet();

describe.each(stores)('StoredAccessAudit on $name', (store) => {
  const databases = new Databases(store);
  let database: Database;
  let access: StoredAccessAudit;
  let audit: AuditService;

  beforeEach(async () => {
    database = await databases.open();
    [access, audit] = [new StoredAccessAudit(database), new AuditService(database)];
  });
  afterEach(() => jest.restoreAllMocks());
  afterEach(() => databases.remove());

  const entries = () => Array.fromAsync(audit.entries());

  it('records the read of a tenant once for an operator and hour, with both ids of the request', async () => {
    const at = { principal: OPERATOR, route: 'GET /sessions', requestId };
    const start = Date.now();
    const now = jest.spyOn(Date, 'now').mockReturnValue(start);
    await access.tenantRead(at, 'acme');
    await access.tenantRead({ ...at, route: 'GET /runs' }, 'acme');
    await access.tenantRead(at, 'other');
    await access.tenantRead({ ...at, principal: { ...OPERATOR, id: 'key:second' } }, 'acme');
    now.mockReturnValue(start + HOUR_MS);
    await access.tenantRead(at, 'acme');
    const found = await entries();
    expect(found.map(({ actor, tenant }) => `${actor} ${tenant}`)).toEqual([
      'key:op acme',
      'key:op other',
      'key:second acme',
      'key:op acme',
    ]);
    expect(found[0]).toMatchObject({
      action: 'tenant.read',
      target: 'tenant:acme',
      request_id: 'chosen',
      details: { route: 'GET /sessions', operator_tenant: 'ops', own_request_id: 'own' },
    });
    expect((await audit.verify()).broken).toBeUndefined();
  });

  it('refuses the read if its entry cannot be stored, and records the next one', async () => {
    const at = { principal: OPERATOR, route: 'GET /sessions', requestId };
    jest.spyOn(database, 'write').mockRejectedValueOnce(new AgentError('storage_unavailable'));
    await expect(access.tenantRead(at, 'acme')).rejects.toMatchObject({ code: 'storage_unavailable' });
    await access.tenantRead(at, 'acme');
    expect(await entries()).toHaveLength(1);
  });

  it('records a denial once for a caller, route and hour, without the name of an end user', async () => {
    for (const route of ['GET /keys', 'GET /keys', 'GET /audit']) {
      await access.denied({ principal: CALLER, route, requestId });
    }
    const found = await entries();
    expect(found.map(({ target }) => target)).toEqual(['route:GET /keys', 'route:GET /audit']);
    expect(found[0]?.actor).toMatch(/^subject:/);
    expect(JSON.stringify(found)).not.toContain('ursula');
  });

  it('counts all callers without authentication as one', async () => {
    for (const address of ['192.0.2.1', '192.0.2.2']) {
      const principal: Principal = { tenant: 'default', id: `ip:${address}`, scopes: ['chat'] };
      await access.denied({ principal, route: 'GET /keys', requestId });
    }
    expect(await entries()).toMatchObject([{ action: 'auth.denied', actor: 'anonymous' }]);
  });

  it('records failed logins once for a reason, key and hour, and at most 100 an hour', async () => {
    await access.failed({ reason: 'missing' });
    for (let n = 0; n < 3; n++) await access.failed({ reason: 'malformed' });
    for (let n = 0; n < 300; n++) await access.failed({ reason: 'unknown', key: { id: `k${n}`, tenant: 'acme' } });
    const found = await entries();
    expect(found).toHaveLength(100);
    expect(found.slice(0, 2)).toMatchObject([
      {
        action: 'auth.failed',
        tenant: '*',
        target: 'authentication',
        actor: 'anonymous',
        details: { reason: 'malformed' },
      },
      { action: 'auth.failed', tenant: 'acme', target: 'key:k0', details: { reason: 'unknown' } },
    ]);
  });
});
