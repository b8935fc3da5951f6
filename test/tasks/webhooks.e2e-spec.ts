import { send, type Answer } from '../support/clients/client.js';
import { expectError } from '../support/clients/expect-error.js';
import { objects, string, type Json } from '../support/json.js';
import { removeServices, type Service, startService, startToFail, startProcess } from '../support/service/service.js';
import { until } from '../support/until.js';
import { status, verified, WEBHOOK_SECRET, WebhookReceiver } from '../support/servers/webhook.receiver.js';

const TASKS = '/api/v1/agent/tasks';

const [service, strict, unsigned] = await Promise.all([
  startProcess({ WEBHOOK_SECRET, WEBHOOK_ALLOW_PRIVATE: 'true' }),
  startService({ WEBHOOK_SECRET }),
  startService(),
]);
const receivers: WebhookReceiver[] = [];

afterEach(() => Promise.all(receivers.splice(0).map((receiver) => receiver.close())));
afterAll(removeServices);

async function receive(...replies: Parameters<WebhookReceiver['next']>): Promise<WebhookReceiver> {
  const receiver = await WebhookReceiver.start();
  receivers.push(receiver);
  receiver.next(...replies);
  return receiver;
}

function submit(to: Service, webhook_url: string, request: Json = {}): Promise<Answer> {
  return send(to, `POST ${TASKS}`, { body: { message: 'hello', webhook_url, ...request } });
}

const read = (id: string) => send(service, `GET ${TASKS}/${id}`);

describe('a task with a webhook_url', () => {
  it('is posted there, signed, once it is completed', async () => {
    const receiver = await receive();
    const { status: answered, body } = await submit(service, receiver.url);
    expect(answered).toBe(202);
    const id = string(body.task_id);
    const post = await until('the webhook is posted', () => receiver.posts[0]);
    expect(verified(post)).toEqual((await read(id)).body);
    expect(verified(post)).toMatchObject({ task_id: id, status: 'completed', result: { reply: expect.any(String) } });
    expect(post.headers['webhook-id']).toBe(id);
  });

  it('is posted at once, and again within 5 seconds if that failed', async () => {
    const receiver = await receive(status(500));
    await submit(service, receiver.url);
    await until('the webhook is posted', () => receiver.posts.length === 1, 4000);
    await until('the webhook is posted again', () => receiver.posts.length === 2, 9000);
  });

  it('is posted there even if the process was killed during the post', async () => {
    const receiver = await receive(() => undefined);
    const { body } = await submit(service, receiver.url);
    await until('the first attempt runs', () => receiver.posts.length === 1);
    await service.kill9();
    await service.startHosted();
    const again = await until('the webhook is posted', () => receiver.posts[1]);
    expect(verified(again)).toEqual((await read(string(body.task_id))).body);
    expect(again.headers['webhook-id']).toBe(receiver.posts[0]?.headers['webhook-id']);
  });

  it('is not posted once its session is erased', async () => {
    const receiver = await receive(status(500), status(500), status(500));
    await submit(service, receiver.url, { session_id: 'erased' });
    await until('an attempt has failed', () => receiver.posts.length === 1);
    expect((await send(service, 'DELETE /api/v1/agent/sessions/erased')).status).toBe(204);
    const other = await receive(status(500));
    await submit(service, other.url);
    await until('a later webhook is posted again', () => other.posts.length === 2);
    expect(receiver.posts).toHaveLength(1);
  });

  it('logs only the host of its address', async () => {
    const receiver = await receive(status(500));
    await submit(service, receiver.url);
    await until('an attempt has failed', () => service.logs.some(({ host }) => host === `127.0.0.1:${receiver.port}`));
    expect(service.output).not.toContain('secret-in-the-query');
    expect(service.output).not.toContain(WEBHOOK_SECRET);
  });

  it.each([
    'http://example.com/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://localhost/',
    'https://[::ffff:10.0.0.1]/',
    'https://169.254.169.254/',
    'https://user:password@example.com/',
    'not a url',
  ])('is refused before it is stored if the address is %s', async (url) => {
    const answer = await submit(strict, url);
    expectError(answer, 422, 'validation_failed');
    expect(answer.body.errors).toMatchObject([{ field: 'webhook_url' }]);
    expect((await send(strict, `GET ${TASKS}`)).body.items).toEqual([]);
  });

  it('is refused without a signing secret', async () => {
    expectError(await submit(unsigned, 'https://93.184.216.34/'), 422, 'validation_failed');
    expect((await submit(strict, 'https://93.184.216.34/')).status).toBe(202);
  });
});

describe('the webhooks of a tenant', () => {
  const WEBHOOKS = '/api/v1/agent/webhooks';
  const list = async (query: string, headers = {}) =>
    objects((await send(service, `GET ${WEBHOOKS}?${query}`, { headers })).body.items);

  it('are listed with their tries, without the query of the address, and sent again', async () => {
    const receiver = await receive(status(500), status(410));
    const headers = { 'X-End-User': 'ada' };
    const { body } = await send(service, `POST ${TASKS}`, {
      headers,
      body: { message: 'hello', webhook_url: receiver.url },
    });
    const id = string(body.task_id);
    const found = (query: string) => until('it is listed', async () => (await list(query, headers)).at(0));
    const pending = await found('status=pending');
    expect(pending).toMatchObject({ webhook_id: id, task_id: id, status: 'pending', next_at: expect.any(String) });
    const givenUp = await found('status=given_up');
    expect(givenUp).toEqual({
      webhook_id: id,
      task_id: id,
      url: `http://127.0.0.1:${receiver.port}/hook?***`,
      status: 'given_up',
      attempts: 2,
      created_at: pending.created_at,
      first_tried_at: expect.stringMatching(/Z$/),
      last_tried_at: expect.stringMatching(/Z$/),
      finished_at: expect.stringMatching(/Z$/),
      last_error: 'status 410',
    });
    expect(await list('status=given_up')).toEqual([givenUp]);
    expect(await list('', { 'X-End-User': 'bob' })).toEqual([]);

    const redeliver = (options = {}) => send(service, `POST ${WEBHOOKS}/${id}/redeliver`, options);
    expectError(await redeliver({ headers: { 'X-End-User': 'bob' } }), 404, 'not_found');
    const again = await redeliver({ headers });
    expect([again.status, again.body]).toMatchObject([202, { webhook_id: id, status: 'pending', attempts: 0 }]);
    expect(await found('status=delivered&limit=1')).toMatchObject({ webhook_id: id, attempts: 1 });
    expect(receiver.posts.map(({ headers: sent }) => sent['webhook-id'])).toEqual([id, id, id]);
    expect(verified(receiver.posts[2])).toEqual(verified(receiver.posts[0]));
  });

  it.each([
    ['an unknown id', () => send(service, `POST ${WEBHOOKS}/unknown/redeliver`), 404, 'not_found'],
    ['no signing secret', () => send(unsigned, `POST ${WEBHOOKS}/any/redeliver`), 422, 'validation_failed'],
    ['an unknown status', () => send(service, `GET ${WEBHOOKS}?status=lost`), 422, 'validation_failed'],
    ['an invalid cursor', () => send(service, `GET ${WEBHOOKS}?cursor=x`), 422, 'validation_failed'],
    ['a foreign tenant', () => send(service, `GET ${WEBHOOKS}?tenant=acme`), 403, 'forbidden'],
  ] as const)('are not reached with %s', async (_, call, code, error) => {
    expectError(await call(), code, error);
  });
});

describe('WEBHOOK_SECRET', () => {
  it('prevents the start if it is not valid, without being printed', async () => {
    const { exitCode, output } = await startToFail({ WEBHOOK_SECRET: 'hunter2' });
    expect(exitCode).toBe(1);
    expect(output).toContain('WEBHOOK_SECRET must be whsec_ and base64');
    expect(output).not.toContain('hunter2');
  });
});
