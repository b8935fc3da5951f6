import { openKeys } from '../../src/keys/open.keys.js';
import { send, type Target } from '../support/clients/client.js';
import { expectError } from '../support/clients/expect-error.js';
import { sendRaw } from '../support/clients/raw.request.js';
import { removeServices, startService, startToFail, type Settings } from '../support/service/service.js';
import { refusalOf, TestSocket } from '../support/clients/socket.js';
import { until } from '../support/until.js';

const ROLES = '/api/v1/agent/roles';
const OPEN: Settings = { HOST: '0.0.0.0', ALLOW_UNAUTHENTICATED: 'true' };
const ATTACKER = 'attacker.example:8000';

const [opened, named, any, proxied, keyed, narrow] = await Promise.all([
  startService(OPEN),
  startService({ ...OPEN, ALLOWED_HOSTS: 'agents.example.com, *.apps.example.com,10.0.0.7,[fd00::7]' }),
  startService({ ...OPEN, ALLOWED_HOSTS: '*' }),
  startService({ ...OPEN, TRUST_PROXY: '127.0.0.1', ALLOWED_HOSTS: 'agents.example.com' }),
  startService({ HOST: '0.0.0.0', AUTH_MODE: 'api-key' }),
  startService({ HOST: '0.0.0.0', AUTH_MODE: 'api-key', ALLOWED_HOSTS: 'agents.example.com' }),
]);

afterAll(removeServices);

const statusOf = async (target: Target, host: string, path = ROLES): Promise<number> =>
  (await send(target, `GET ${path}`, { headers: { host } })).status;

describe('a service with ALLOW_UNAUTHENTICATED=true', () => {
  it.each([
    `GET ${ROLES}`,
    'GET /api/v1/agent/sessions',
    'POST /api/v1/agent/chat',
    'POST /api/v2/agent/chat',
    'PUT /api/v1/agent/chat',
    'OPTIONS /api/v1/agent/chat',
    'GET /api/v1/admin/keys',
    'GET /api/v1/agent/ws',
    'GET /docs',
    'GET /docs/swagger-ui.css',
    'GET /openapi.json',
    'GET /metrics',
    'GET /nowhere',
    'GET /health/nowhere',
    'GET /',
  ])('refuses %s under the name of another site, and names the setting', async (call) => {
    const answer = await send(opened, call, { headers: { host: ATTACKER } });

    expectError(answer, 403, 'forbidden');
    expect(answer.body.detail).toBe('The Host "attacker.example" is not answered. Add it to ALLOWED_HOSTS.');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });

  it.each([{}, { origin: `http://${ATTACKER}` }])('refuses the upgrade of a page of that site: %j', async (options) => {
    const headers = { host: ATTACKER };

    expect(await refusalOf(opened, { headers, ...options })).toMatchObject({
      status: 403,
      body: { error: 'forbidden', detail: expect.stringContaining('ALLOWED_HOSTS') },
    });
  });

  it.each(['localhost:8000', 'LOCALHOST', 'app.localhost', 'localhost.', '127.0.0.1:8000', '127.1.2.3', '[::1]:8000'])(
    'answers %s',
    async (host) => {
      expect(await statusOf(opened, host)).toBe(200);
    },
  );

  it.each([
    'localhost.evil.com',
    '127.0.0.1.evil.com',
    'localhost@evil.com',
    'evil.com#localhost',
    'localhost, evil.com',
    '0.0.0.0:8000',
    '2130706433',
    '127.1',
    '192.168.0.7:8000',
    '[::]:8000',
    '[::1',
    ' ',
  ])('refuses %p', async (host) => {
    expectError(await send(opened, `GET ${ROLES}`, { headers: { host } }), 403, 'forbidden');
  });

  it.each([
    ['no Host', `GET ${ROLES} HTTP/1.0\r\n\r\n`],
    ['an empty Host', `GET ${ROLES} HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n`],
    ['a second Host', `GET ${ROLES} HTTP/1.1\r\nHost: localhost\r\nHost: evil.com\r\nConnection: close\r\n\r\n`],
    ['a Host twice', `GET ${ROLES} HTTP/1.1\r\nHost: localhost\r\nhost: localhost\r\nConnection: close\r\n\r\n`],
    ['bytes beyond ASCII', `GET ${ROLES} HTTP/1.1\r\nHost: localhost\xe9\r\nConnection: close\r\n\r\n`],
    ['another target', `GET http://evil.com${ROLES} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`],
    [
      'another target, in capitals',
      `GET HTTP://EVIL.COM${ROLES} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    ],
    [
      'a user in its target',
      `GET http://localhost@evil.com${ROLES} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    ],
    ['another Host', `GET http://localhost${ROLES} HTTP/1.1\r\nHost: evil.com\r\nConnection: close\r\n\r\n`],
  ])('refuses a request with %s', async (_, bytes) => {
    const answer = await sendRaw(opened, bytes);

    expect(answer.status).toBe(403);
    expect(answer.text).toContain('"error":"forbidden"');
  });

  it('knows no route without a path', async () => {
    const answer = await sendRaw(opened, 'OPTIONS * HTTP/1.1\r\nHost: evil.com\r\nConnection: close\r\n\r\n');
    expect(answer.status).toBe(404);
  });

  it('refuses HTTP/1.1 without a Host as malformed', async () => {
    const { status, text } = await sendRaw(opened, `GET ${ROLES} HTTP/1.1\r\nConnection: close\r\n\r\n`);

    expect(status).toBe(400);
    expect(text).not.toContain('"items"');
  });

  it('answers a target that names a loopback host', async () => {
    const bytes = `GET http://localhost:8000${ROLES} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;

    expect((await sendRaw(opened, bytes)).status).toBe(200);
  });

  it.each(['/health', '/health/live', '/health/ready'])('answers %s to probes under any name', async (path) => {
    for (const host of ['10.244.0.17:8000', '[fd00::17]:8000', 'rookery-1:8000', ATTACKER]) {
      expect(await statusOf(opened, host, path)).toBe(200);
    }
    expect((await sendRaw(opened, `GET ${path} HTTP/1.0\r\n\r\n`)).status).toBe(200);
  });

  it('logs at its start the names that it answers, and the setting for others', async () => {
    const warning = opened.logs.find(({ level }) => level === 'warn');

    expect(warning?.msg).toMatch(/ALLOWED_HOSTS/);
    expect(opened.logs.find(({ msg }) => msg === 'listening')).toMatchObject({
      allowed_hosts: 'localhost, *.localhost, 127.0.0.0/8, [::1]',
    });
  });

  it('logs a refused host once', async () => {
    const host = 'curious.example';
    for (let n = 0; n < 3; n++) expect(await statusOf(opened, host)).toBe(403);
    await until('it is logged', () => opened.logs.some((line) => line.host === host));
    expect(await statusOf(opened, 'last.example')).toBe(403);
    await until('the next one is logged', () => opened.logs.some((line) => line.host === 'last.example'));

    const lines = opened.logs.filter((line) => line.host === host);
    expect(lines).toMatchObject([{ level: 'warn', msg: expect.stringContaining('ALLOWED_HOSTS') }]);
  });
});

describe('ALLOWED_HOSTS', () => {
  it.each(['agents.example.com', 'AGENTS.example.COM.:8000', 'a.apps.example.com', 'a.b.apps.example.com:80'])(
    'allows %s',
    async (host) => {
      expect(await statusOf(named, host)).toBe(200);
    },
  );

  it.each(['10.0.0.7:8000', '[fd00::7]:8000', '[FD00:0:0::0007]', 'localhost', '127.0.0.1:8000', '[::1]'])(
    'allows %s, an address or a loopback name',
    async (host) => {
      expect(await statusOf(named, host)).toBe(200);
    },
  );

  it.each([
    'example.com',
    'apps.example.com',
    'xapps.example.com',
    'agents.example.com.evil.com',
    '10.0.0.8',
    '[fd00::8]',
  ])('refuses %s', async (host) => {
    expectError(await send(named, `GET ${ROLES}`, { headers: { host } }), 403, 'forbidden');
  });

  it('lets only pages of listed names connect by WebSocket', async () => {
    const headers = { host: 'agents.example.com' };
    (await TestSocket.open(named, { headers, origin: 'http://agents.example.com' })).ws.close();

    for (const origin of ['http://a.apps.example.com', 'http://evil.com']) {
      expect(await refusalOf(named, { headers, origin })).toMatchObject({ status: 403, body: { error: 'forbidden' } });
    }
  });

  it('suppresses the warning, and is in the start log', () => {
    expect(named.logs.filter(({ level, host }) => level === 'warn' && host === undefined)).toEqual([]);
    expect(named.logs.find(({ msg }) => msg === 'listening')).toMatchObject({
      allowed_hosts: expect.stringMatching(
        /\[::1\], agents\.example\.com, \*\.apps\.example\.com, 10\.0\.0\.7, \[fd00::7\]$/,
      ),
    });
  });

  it.each([ATTACKER, '192.168.0.7', 'localhost'])('allows %s with *', async (host) => {
    expect(await statusOf(any, host)).toBe(200);
    expect(await statusOf(any, host, '/docs')).toBe(200);
  });

  it('prevents the start if it is not valid', async () => {
    const { exitCode, output } = await startToFail({ ALLOWED_HOSTS: 'https://agents.example.com' });

    expect(exitCode).toBe(1);
    expect(output).toMatch(/ALLOWED_HOSTS must be .*agents\.example\.com/);
  });
});

describe('X-Forwarded-Host', () => {
  const ask = (host: string, forwarded: string): Promise<number> =>
    send(proxied, `GET ${ROLES}`, { headers: { host, 'x-forwarded-host': forwarded } }).then(({ status }) => status);

  it('does not allow a host, even from a trusted proxy, because a page can send it', async () => {
    expect(await ask(ATTACKER, 'agents.example.com')).toBe(403);
    expect(await ask(ATTACKER, 'localhost')).toBe(403);
  });

  it('does not refuse a host from a trusted proxy', async () => {
    expect(await ask('agents.example.com', ATTACKER)).toBe(200);
  });
});

describe('with authentication', () => {
  it('answers every host by default', async () => {
    expect(await statusOf(keyed, ATTACKER, '/docs')).toBe(200);
    expectError(await send(keyed, `GET ${ROLES}`, { headers: { host: ATTACKER } }), 401, 'unauthenticated');
    expect(keyed.logs.find(({ msg }) => msg === 'listening')).toMatchObject({ allowed_hosts: '*' });
    expect(keyed.logs.filter(({ level }) => level === 'warn')).toEqual([]);
  });

  it('applies ALLOWED_HOSTS to any credentials', async () => {
    const open = await openKeys(narrow.databaseUrl);
    const { key } = await open.keys.create({ name: 'test', tenant: 'acme', scopes: ['chat'] }, 'test');
    await open.close();
    const ask = (host: string): Promise<number> =>
      send(narrow, `GET ${ROLES}`, { headers: { host, authorization: `Bearer ${key}` } }).then(({ status }) => status);

    expect(await ask('agents.example.com:443')).toBe(200);
    expect(await ask('localhost')).toBe(200);
    expect(await ask(ATTACKER)).toBe(403);
    expect(await statusOf(narrow, ATTACKER, '/docs')).toBe(403);
    expect(await statusOf(narrow, ATTACKER, '/health/ready')).toBe(200);
  });
});
