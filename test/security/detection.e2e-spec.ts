import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { apiKeyText, newSecret } from '../../src/auth/api-key.format.js';
import type { Scope } from '../../src/auth/scopes.js';
import { openKeys } from '../../src/keys/open.keys.js';
import { send } from '../support/clients/client.js';
import { expectError } from '../support/clients/expect-error.js';
import { object, objects, string } from '../support/json.js';
import { removeServices, startService } from '../support/service/service.js';
import { type Post, WEBHOOK_SECRET, WebhookReceiver } from '../support/servers/webhook.receiver.js';
import { until } from '../support/until.js';

const API = '/api/v1/agent';
const ADMIN = '/api/v1/admin';
const CALLER: readonly Scope[] = ['chat', 'tasks', 'sessions:read'];

type Headers = Record<string, string>;

const service = await startService({
  AUTH_MODE: 'api-key',
  RATE_LIMIT_REQUESTS: '0',
  WEBHOOK_SECRET,
  WEBHOOK_SIGNING: 'tenant',
  WEBHOOK_ALLOW_PRIVATE: 'true',
});
const opened = await openKeys(service.databaseUrl);
const operator = await callerOf('ops', ['admin']);
const receiver = await WebhookReceiver.start();
const tenantCaller = await callerOf('acme');

afterAll(async () => {
  await Promise.all([opened.close(), receiver.close()]);
  await removeServices();
});

async function callerOf(tenant: string, scopes = CALLER): Promise<Headers> {
  const { key } = await opened.keys.create({ name: 'test', tenant, scopes }, 'test');
  return { authorization: `Bearer ${key}` };
}

async function entriesOf(action: string): Promise<Record<string, unknown>[]> {
  const { body } = await send(service, `GET ${ADMIN}/audit?action=${action}`, { headers: operator });
  return objects(body.items);
}

describe('the webhook secrets of a tenant', () => {
  const read = (tenant: string, headers: Headers) =>
    send(service, `GET ${ADMIN}/tenants/${tenant}/webhook-secrets`, { headers });

  const verify = (secret: string, { headers, body }: Post): unknown =>
    new Webhook(secret).verify(
      body,
      Object.fromEntries(Object.entries(headers).map(([name, each]) => [name, String(each)])),
    );

  it('are shown only to operators, and verify only the posts of that tenant', async () => {
    const acme = await callerOf('acme');
    const answer = await read('acme', operator);
    expect(answer.body).toEqual({ tenant: 'acme', signing: 'tenant', secrets: [expect.stringMatching(/^whsec_/)] });
    expect(answer.headers['cache-control']).toBe('no-store');
    const [secret] = [answer.body.secrets].flat().map(string);
    const [other] = [(await read('other', operator)).body.secrets].flat().map(string);
    const body = { message: 'hello', webhook_url: receiver.url };
    expect((await send(service, `POST ${API}/tasks`, { headers: acme, body })).status).toBe(202);
    const post = await until('the webhook is posted', () => receiver.posts[0]);
    expect(object(verify(secret ?? '', post)).status).toBe('completed');
    expect(() => verify(other ?? '', post)).toThrow('No matching signature');
    expect(() => verify(WEBHOOK_SECRET, post)).toThrow('No matching signature');
    expectError(await read('acme', acme), 403, 'forbidden');
    expect(await entriesOf('webhook_secrets.read')).toMatchObject([
      { tenant: 'other', target: 'tenant:other' },
      { tenant: 'acme', target: 'tenant:acme', actor: expect.stringMatching(/^key:/) },
    ]);
    expect(service.output).not.toContain((secret ?? '').slice('whsec_'.length));
  });
});

it('answers for end users with the longest names', async () => {
  const headers = await callerOf('acme', ['sessions:read', 'sessions:write']);
  for (const end_user of ['|'.repeat(255), 'ü'.repeat(255)]) {
    const call = `DELETE ${API}/end-users/${encodeURIComponent(end_user)}`;
    expect((await send(service, call, { headers })).status).toBe(200);
  }
});

describe('the log', () => {
  it('shows who has called, and from where', async () => {
    const headers = { ...tenantCaller, 'x-request-id': 'chosen-by-the-caller' };
    await send(service, `POST ${API}/chat`, { headers, body: { message: 'hello' } });
    const { line, run } = await until('both lines are written', () => {
      const lines = service.logs.filter(({ request_id }) => request_id === 'chosen-by-the-caller');
      const found = {
        line: lines.find(({ msg }) => msg === 'request'),
        run: lines.find(({ msg }) => msg === 'run finished'),
      };
      return found.line && found.run ? found : undefined;
    });
    const who = { caller: expect.stringMatching(/^key:/), tenant: 'acme' };
    expect(line).toMatchObject({
      ...who,
      address: '127.0.0.1',
      own_request_id: expect.stringMatching(/^[\da-f-]{36}$/),
    });
    expect(run).toMatchObject(who);
  });

  it('reports failed authentications, which are counted and audited', async () => {
    const id = string(tenantCaller.authorization?.split('_')[1]);
    const forged = { authorization: `Bearer ${apiKeyText({ id, secret: newSecret() })}` };
    for (const headers of [forged, forged, { authorization: 'Bearer nonsense' }]) {
      expectError(await send(service, `GET ${API}/sessions`, { headers }), 401, 'unauthenticated');
    }
    for (const head of [{ 'content-length': '1048576' }, { 'transfer-encoding': 'chunked' }]) {
      const headers = { ...forged, 'content-type': 'application/json', ...head };
      const sent = request(`${service.url}/v1/responses`, { method: 'POST', headers });
      sent.on('error', () => undefined);
      // The body does not end: nobody waits for it.
      sent.write('{');
      const [answer]: IncomingMessage[] = await once(sent, 'response');
      expect(answer).toMatchObject({ statusCode: 401, headers: { 'x-request-id': expect.any(String) } });
      const text = answer === undefined ? '' : await readText(answer);
      expect(JSON.parse(text)).toMatchObject({ error: { code: 'invalid_api_key' } });
      sent.destroy();
    }
    await until('a line is written', () => service.logs.some(({ msg }) => msg === 'authentication failed'));
    const lines = service.logs.filter(({ msg }) => msg === 'authentication failed');
    expect(lines).toMatchObject([{ level: 'warn', address: '127.0.0.1', reason: 'unknown' }]);
    const { text } = await send(service, 'GET /metrics', { headers: operator });
    expect(text).toContain('rookery_auth_failures_total{reason="unknown"} 4');
    expect(text).toContain('rookery_auth_failures_total{reason="malformed"} 1');
    await until('both are audited', async () => (await entriesOf('auth.failed')).length === 2);
    expect(await entriesOf('auth.failed')).toMatchObject([
      { tenant: '*', target: 'authentication', details: { reason: 'malformed' } },
      { tenant: 'acme', target: expect.stringMatching(/^key:/), details: { reason: 'unknown' } },
    ]);
  });
});

describe('the audit', () => {
  it('has one entry if an operator reads a tenant several times', async () => {
    const headers = { ...operator, 'x-request-id': 'reading' };
    for (const path of ['sessions', 'tasks', 'runs', 'usage']) {
      expect((await send(service, `GET ${API}/${path}?tenant=initech`, { headers })).status).toBe(200);
    }
    await send(service, `GET ${API}/sessions?tenant=ops`, { headers });
    const [entry, ...others] = await entriesOf('tenant.read');
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      tenant: 'initech',
      actor: expect.stringMatching(/^key:/),
      request_id: 'reading',
      details: { route: `GET ${API}/sessions`, own_request_id: expect.stringMatching(/^[\da-f-]{36}$/) },
    });
    const own = object(entry?.details).own_request_id;
    await until('the log has the same id', () => service.logs.some(({ own_request_id }) => own_request_id === own));
  });

  it('has one entry for a caller and route if an operator was needed', async () => {
    const headers = await callerOf('denied');
    for (const path of [`${ADMIN}/keys`, `${ADMIN}/keys`, `${API}/sessions?tenant=acme`]) {
      expectError(await send(service, `GET ${path}`, { headers }), 403, 'forbidden');
    }
    const found = (await entriesOf('auth.denied')).filter(({ tenant }) => tenant === 'denied');
    expect(found.map(({ target }) => target)).toEqual([`route:GET ${API}/sessions`, `route:GET ${ADMIN}/keys`]);
  });
});
