import { Webhook } from 'standardwebhooks';
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
const { keys, close } = await openKeys(service.databaseUrl);
const operator = await callerOf('ops', ['admin']);
const receiver = await WebhookReceiver.start();

afterAll(async () => {
  await Promise.all([close(), receiver.close()]);
  await removeServices();
});

async function callerOf(tenant: string, scopes = CALLER): Promise<Headers> {
  const { key } = await keys.create({ name: 'test', tenant, scopes }, 'test');
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
      Object.fromEntries(Object.entries(headers).map(([name, each]) => [name, `${each}`])),
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
