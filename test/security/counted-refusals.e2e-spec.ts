import { openKeys } from '../../src/keys/open.keys.js';
import { send } from '../support/clients/client.js';
import { objects } from '../support/json.js';
import { removeServices, startService } from '../support/service/service.js';
import { until } from '../support/until.js';

const REQUESTS = 3;
const FAILURES = 3;
const ROLES = 'GET /api/v1/agent/roles';
const ADMIN = 'GET /api/v1/admin/keys';

const service = await startService({
  AUTH_MODE: 'api-key',
  TRUST_PROXY: '127.0.0.1',
  RATE_LIMIT_REQUESTS: String(REQUESTS),
  AUTH_FAILURE_LIMIT: String(FAILURES),
});
const opened = await openKeys(service.databaseUrl);
const { keys } = opened;

afterAll(async () => {
  await opened.close();
  await removeServices();
});

async function newKey(): Promise<string> {
  return (await keys.create({ name: 'test', tenant: 'acme', scopes: ['chat'] }, 'test')).key;
}

async function statusesOf(call: string, headers: Record<string, string>): Promise<number[]> {
  const statuses: number[] = [];
  for (let count = 0; count < REQUESTS + 2; count++) statuses.push((await send(service, call, { headers })).status);
  return statuses;
}

describe('a refusal before the rate limit', () => {
  it('counts as a request of the caller that lacks a scope', async () => {
    const headers = { 'x-api-key': await newKey() };
    expect(await statusesOf(ADMIN, headers)).toEqual([403, 403, 403, 429, 429]);
    expect((await send(service, ROLES, { headers })).status).toBe(429);
    expect((await send(service, ROLES, { headers: { 'x-api-key': await newKey() } })).status).toBe(200);
  });

  it('counts against the address for an end user that is not valid', async () => {
    const headers = { 'x-api-key': await newKey(), 'x-forwarded-for': '203.0.113.9' };
    expect(await statusesOf(ROLES, { ...headers, 'x-end-user': 'no name' })).toEqual([422, 422, 422, 429, 429]);
    expect((await send(service, ROLES, { headers: { ...headers, 'x-end-user': 'ada' } })).status).toBe(200);
  });

  it('counts against the address of a request for the metrics', async () => {
    const headers = { 'x-api-key': await newKey(), 'x-forwarded-for': '203.0.113.10', 'x-end-user': 'no name' };
    expect(await statusesOf('GET /metrics', headers)).toEqual([422, 422, 422, 429, 429]);
  });

  it('counts against an address from which the key may not be used, and is logged and audited', async () => {
    const wanted = { name: 'test', tenant: 'acme', scopes: ['chat'], ipRanges: ['198.51.100.1'] } as const;
    const { key, key_id } = await keys.create(wanted, 'test');
    const from = (address: string) => ({ 'x-api-key': key, 'x-forwarded-for': address });

    expect(await statusesOf(ROLES, from('203.0.113.11'))).toEqual([403, 403, 403, 429, 429]);
    expect((await send(service, ROLES, { headers: from('198.51.100.1') })).status).toBe(200);

    const line = await until('it is logged', () => service.logs.find((each) => each.key_id === key_id));
    expect(line).toMatchObject({ level: 'warn', address: '203.0.113.11', reason: 'address' });
    const operator = await keys.create({ name: 'test', tenant: 'ops', scopes: ['admin'] }, 'test');
    const audit = 'GET /api/v1/admin/audit?action=auth.failed&tenant=acme';
    const { body } = await send(service, audit, { headers: { 'x-api-key': operator.key } });
    expect(objects(body.items)).toMatchObject([{ target: `key:${key_id}`, details: { reason: 'address' } }]);
  });
});

describe('/metrics', () => {
  it('counts the refusal of a key without its scope against the address', async () => {
    const headers = { 'x-api-key': await newKey(), 'x-forwarded-for': '203.0.113.12' };
    expect(await statusesOf('GET /metrics', headers)).toEqual([403, 403, 403, 429, 429]);
    expect((await send(service, ROLES, { headers })).status).toBe(200);
  });
});

describe('/openapi.json', () => {
  it('is not sent again to a client that has it', async () => {
    const first = await send(service, 'GET /openapi.json');
    const { etag = '' } = first.headers;
    expect(first.headers).toMatchObject({ 'content-type': expect.stringContaining('application/json') });
    expect(etag).toMatch(/^"[\w-]+"$/);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await send(service, 'GET /openapi.json', { headers: { 'if-none-match': known } });
      expect(again).toMatchObject({ status: 304, text: '', headers: { etag } });
    }
    const changed = await send(service, 'GET /openapi.json', { headers: { 'if-none-match': '"other"' } });
    expect(changed).toMatchObject({ status: 200, text: first.text });
  });
});
