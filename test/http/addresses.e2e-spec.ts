import { send } from '../support/clients/client.js';
import { removeServices, startService } from '../support/service/service.js';
import { refusalOf, SOCKET_PATH } from '../support/clients/socket.js';

const FAILURES = 3;
const REQUESTS = 3;
const ROLES = 'GET /api/v1/agent/roles';

const TRUST_PROXY = '127.0.0.1, fd00::/8';
const [closed, open] = await Promise.all([
  startService({ TRUST_PROXY, AUTH_MODE: 'api-key', AUTH_FAILURE_LIMIT: String(FAILURES), DOCS_PUBLIC: 'false' }),
  startService({ TRUST_PROXY, RATE_LIMIT_REQUESTS: String(REQUESTS) }),
]);

afterAll(removeServices);

/** Spellings of one address that proxies may write. */
const SPELLINGS = [
  { what: 'ports', entries: ['203.0.113.1:50123', '203.0.113.1:50124', '203.0.113.1', '203.0.113.1:50125'] },
  { what: 'IPv6 with ports', entries: ['[2001:db8:1::1]:1', '[2001:db8:1::1]:2', '2001:db8:1::1', '[2001:db8:1::1]'] },
  { what: 'IPv6', entries: ['2001:db8:2::1', '2001:DB8:2::1', '2001:0db8:2:0::0001', '2001:db8:2:0:0:0:0:1'] },
  {
    what: 'IPv4 in IPv6',
    entries: ['203.0.113.2', '::ffff:203.0.113.2', '::FFFF:cb00:7102', '[::ffff:203.0.113.2]:1'],
  },
  // The service then counts the call under the proxy's address.
  { what: 'invalid addresses', entries: ['unknown', '_hidden', 'host-1:80', '[::1'] },
];

describe.each(SPELLINGS)('$what in X-Forwarded-For', ({ entries }) => {
  it('count as one address for failed authentications', async () => {
    expect(await statusesOf(closed, entries)).toEqual([401, 401, 401, 429]);
  });

  it('count as one caller without authentication', async () => {
    expect(await statusesOf(open, entries)).toEqual([200, 200, 200, 429]);
  });
});

it('distinguishes callers by their addresses', async () => {
  const entries = ['203.0.113.11:1', '203.0.113.12:1', '203.0.113.13:1', '203.0.113.14:1', '[2001:db8:3::1]:1'];

  expect(await statusesOf(closed, entries)).toEqual([401, 401, 401, 401, 401]);
  expect(await statusesOf(open, entries)).toEqual([200, 200, 200, 200, 200]);
});

it('counts the addresses of an IPv6 network as one caller', async () => {
  const entries = ['2001:db8:4::1', '2001:db8:4::2', '2001:db8:4:0:ffff::1', '[2001:db8:4::3]:1'];

  expect(await statusesOf(open, entries)).toEqual([200, 200, 200, 429]);
  expect(await statusesOf(open, ['2001:db8:4:1::1'])).toEqual([200]);
});

it('recognizes a proxy whose own entry has a port', async () => {
  const proxies = ['127.0.0.1:4711', '[fd00::1]:4711', '127.0.0.1:4712', '[::ffff:127.0.0.1]'];

  expect(await statusesOf(closed, behind('198.51.100.1', proxies))).toEqual([401, 401, 401, 429]);
  expect(await statusesOf(closed, behind('198.51.100.2', proxies))).toEqual([401, 401, 401, 429]);
});

it('ignores entries before a peer that is not a proxy', async () => {
  const entries = ['a', 'b', 'c', 'd'].map((invented) => `${invented}, 198.51.100.3:1, 127.0.0.1:4711`);

  expect(await statusesOf(closed, entries)).toEqual([401, 401, 401, 429]);
});

it('counts failures of all entry points together', async () => {
  const from = (port: number) => ({ headers: { 'x-forwarded-for': `198.51.100.4:${port}` } });
  const statuses = [
    (await send(closed, ROLES, from(1))).status,
    (await send(closed, 'GET /openapi.json', from(2))).status,
    (await refusalOf(closed, { path: SOCKET_PATH, ...from(3) })).status,
    (await send(closed, 'GET /metrics', from(4))).status,
    (await refusalOf(closed, { path: SOCKET_PATH, ...from(5) })).status,
    (await send(closed, 'GET /openapi.json', from(6))).status,
  ];

  expect(statuses).toEqual([401, 401, 401, 429, 429, 429]);
});

function behind(caller: string, proxies: readonly string[]): string[] {
  return proxies.map((proxy) => `${caller}, ${proxy}`);
}

async function statusesOf(service: { url: string }, entries: readonly string[]): Promise<number[]> {
  const statuses: number[] = [];
  for (const entry of entries) {
    statuses.push((await send(service, ROLES, { headers: { 'x-forwarded-for': entry } })).status);
  }
  return statuses;
}
