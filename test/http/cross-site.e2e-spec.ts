import { chat, send, type Target } from '../support/clients/client.js';
import { expectError } from '../support/clients/expect-error.js';
import { refusalOf, TestSocket } from '../support/clients/socket.js';
import { removeServices, startService } from '../support/service/service.js';

const ROLES = '/api/v1/agent/roles';
const PAGE = 'https://app.example';
const FOREIGN = 'https://evil.example';

const [local, cors, limited, keyed] = await Promise.all([
  startService(),
  startService({ CORS_ORIGINS: PAGE }),
  startService({ RATE_LIMIT_REQUESTS: '5' }),
  startService({ AUTH_MODE: 'api-key' }),
]);

afterAll(removeServices);

const statusOf = async (target: Target, headers: Record<string, string>, call = `GET ${ROLES}`): Promise<number> =>
  (await send(target, call, { headers })).status;

describe('a service without authentication', () => {
  it.each([
    `GET ${ROLES}`,
    'POST /api/v1/agent/runs/r1/cancel',
    'POST /api/v2/agent/chat',
    'OPTIONS /api/v1/agent/chat',
    'GET /api/v1/agent/ws',
    'GET /metrics',
    'GET /openapi.json',
    'GET /nowhere',
  ])('refuses %s of a page of another site', async (call) => {
    expectError(await send(local, call, { headers: { 'sec-fetch-site': 'cross-site' } }), 403, 'forbidden');
    const answer = await send(local, call, { headers: { origin: FOREIGN } });

    expectError(answer, 403, 'forbidden');
    expect(answer.body.detail).toBe('Pages of other origins may not call this service. CORS_ORIGINS can allow them.');
  });

  it.each(['null', 'file://', 'http://localhost:1', 'http://localhost.evil.example', 'x', ''])(
    'refuses the foreign origin %p',
    async (origin) => {
      expect(await statusOf(local, { origin })).toBe(403);
      expect(await statusOf(local, { origin, 'sec-fetch-site': 'same-site' })).toBe(403);
    },
  );

  it('answers programs, its own pages, and addresses that a person enters', async () => {
    const own = new URL(local.url).origin;

    expect(await statusOf(local, {})).toBe(200);
    expect(await statusOf(local, { origin: own })).toBe(200);
    expect(await statusOf(local, { origin: own, 'sec-fetch-site': 'same-origin' })).toBe(200);
    expect(await statusOf(local, { 'sec-fetch-site': 'none' })).toBe(200);
    expect((await chat(local, { message: 'hello' }, { headers: { origin: own } })).status).toBe(200);
  });

  it('lets links of other sites open the documentation, but not the API', async () => {
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };

    expect(await statusOf(local, link, 'GET /docs')).toBe(200);
    expect(await statusOf(local, { ...link, 'sec-fetch-dest': 'iframe' }, 'GET /docs')).toBe(403);
    expect(await statusOf(local, link)).toBe(403);
    expect(await statusOf(local, link, 'POST /docs')).toBe(403);
    expect(await statusOf(local, link, 'GET /%61pi/v1/agent/roles')).toBe(403);
  });

  it('answers probes of /health under all circumstances', async () => {
    expect(await statusOf(local, { 'sec-fetch-site': 'cross-site', origin: FOREIGN }, 'GET /health/ready')).toBe(200);
  });

  it('refuses foreign pages at the WebSocket, and lets its own connect', async () => {
    const headers = { 'sec-fetch-site': 'cross-site' };

    expect(await refusalOf(local, { headers })).toMatchObject({ status: 403, body: { error: 'forbidden' } });
    expect(await refusalOf(local, { origin: FOREIGN })).toMatchObject({ status: 403, body: { error: 'forbidden' } });
    (await TestSocket.open(local, { origin: new URL(local.url).origin })).ws.close();
  });

  it('answers pages of CORS_ORIGINS', async () => {
    expect(await statusOf(cors, { origin: PAGE, 'sec-fetch-site': 'cross-site' })).toBe(200);
    expect(await statusOf(cors, { origin: FOREIGN, 'sec-fetch-site': 'cross-site' })).toBe(403);
    (await TestSocket.open(cors, { origin: PAGE, headers: { 'sec-fetch-site': 'cross-site' } })).ws.close();
  });

  it('does not count foreign pages for the rate limit', async () => {
    for (let n = 0; n < 20; n++) await statusOf(limited, { 'sec-fetch-site': 'cross-site' });

    expect(await statusOf(limited, {})).toBe(200);
  });
});

describe('a service with authentication', () => {
  it('answers pages of every origin, because they have no key', async () => {
    expect(await statusOf(keyed, { origin: FOREIGN, 'sec-fetch-site': 'cross-site' })).toBe(401);
    expect(await statusOf(keyed, { origin: FOREIGN, 'sec-fetch-site': 'cross-site' }, 'GET /docs')).toBe(200);
  });
});
