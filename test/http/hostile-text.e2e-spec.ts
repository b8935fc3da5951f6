import { Agent, request, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { hostileTexts } from '../support/clients/hostile.text.js';
import { OtlpCollector } from '../support/servers/otlp.collector.js';
import { removeServices, startService } from '../support/service/service.js';
import { SOCKET_PATH } from '../support/clients/socket.js';

// Node accepts 16 KiB of headers. A value of this size reaches the service with the other headers of these requests.
const LARGEST = 15_600;
const TOO_LARGE = 17_000;
/** The extra time that a hostile request may take. Quadratic readers took 60 ms and more. */
const ALLOWED_MS = 20;
/** A busy machine makes some tries slow. A slow reader makes all of them slow. */
const TRIES = 60;
const PAUSE_MS = 10;
/** Starts no further try after that time. */
const LONGEST_MS = 10_000;
/** A plain request at most this long is not repeated. */
const PLAIN_MS = 2;

const API = '/api/v1/agent';
const TEXTS = hostileTexts(LARGEST);

interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Attack {
  readonly what: string;
  readonly call: Call;
}

/** The result of a call; status 0: no answer. */
interface Try {
  readonly status: number;
  readonly tookMs: number;
}

const JSON_BODY = { 'content-type': 'application/json' };
const UPGRADE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
};
const ROLES: Call = { method: 'GET', path: `${API}/roles` };
/** The service refuses it after reading its headers, so no agent runs. */
const CHAT: Call = { method: 'POST', path: `${API}/chat`, headers: JSON_BODY, body: '{}' };
const CHAT_V2: Call = { method: 'POST', path: '/api/v2/agent/chat', headers: JSON_BODY, body: '{}' };
const EVENTS: Call = { method: 'GET', path: `${API}/runs/unknown/events` };
const DOCS: Call = { method: 'GET', path: '/docs/index.css' };
const SOCKET: Call = { method: 'GET', path: SOCKET_PATH, headers: UPGRADE };
const PREFLIGHT: Call = { method: 'OPTIONS', path: `${API}/chat`, headers: { origin: 'https://app.example' } };

interface Header {
  readonly name: string;
  readonly call: Call;
  /** Usual beginnings of the value, without which its reader would stop at once. */
  readonly begins?: readonly string[];
}

/** The headers that the service, its framework or their parsers read. */
const HEADERS: readonly Header[] = [
  { name: 'accept', call: CHAT_V2, begins: ['text/event-stream', 'text/event-stream;'] },
  { name: 'accept-encoding', call: DOCS },
  { name: 'access-control-request-headers', call: PREFLIGHT },
  { name: 'access-control-request-method', call: PREFLIGHT },
  {
    name: 'authorization',
    call: ROLES,
    begins: ['Bearer', 'Bearer ', 'Bearer rk_', 'Bearer rookery_', 'Bearer eyJ', 'Basic '],
  },
  { name: 'baggage', call: ROLES, begins: ['a=b,'] },
  { name: 'connection', call: ROLES },
  {
    name: 'content-type',
    call: CHAT,
    begins: ['application/json', 'application/json;', 'application/json; charset', 'multipart/'],
  },
  { name: 'cookie', call: ROLES },
  { name: 'expect', call: ROLES },
  { name: 'forwarded', call: ROLES },
  { name: 'host', call: ROLES, begins: ['localhost', 'localhost:', '[::1]'] },
  { name: 'host', call: SOCKET },
  { name: 'idempotency-key', call: CHAT_V2, begins: ['"'] },
  { name: 'if-modified-since', call: DOCS },
  { name: 'if-none-match', call: DOCS, begins: ['W/"'] },
  { name: 'keep-alive', call: ROLES },
  { name: 'last-event-id', call: EVENTS },
  { name: 'origin', call: SOCKET, begins: ['https://'] },
  { name: 'origin', call: PREFLIGHT, begins: ['https://'] },
  { name: 'range', call: DOCS, begins: ['bytes=', 'bytes=0-1,'] },
  { name: 'sec-websocket-extensions', call: SOCKET, begins: ['permessage-deflate', 'permessage-deflate;'] },
  { name: 'sec-websocket-key', call: SOCKET },
  { name: 'sec-websocket-protocol', call: ROLES },
  { name: 'sec-websocket-protocol', call: SOCKET, begins: ['rookery, ', 'rk_', 'rookery_', 'eyJ'] },
  { name: 'sec-websocket-version', call: SOCKET },
  { name: 'te', call: ROLES },
  { name: 'traceparent', call: ROLES, begins: ['00-', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'] },
  { name: 'tracestate', call: ROLES, begins: ['a=b,', 'a='] },
  { name: 'upgrade', call: ROLES, begins: ['websocket'] },
  { name: 'x-api-key', call: ROLES, begins: ['rk_', 'rk_0123456789abcdef_', 'rookery_0123456789abcdef_'] },
  { name: 'x-end-user', call: ROLES },
  { name: 'x-forwarded-for', call: ROLES, begins: ['127.0.0.1, ', '::', '['] },
  { name: 'x-forwarded-host', call: ROLES },
  { name: 'x-forwarded-proto', call: ROLES },
  { name: 'x-request-id', call: ROLES },
];

const QUERIES: readonly (readonly [path: string, begins: readonly string[]])[] = [
  [`${API}/sessions`, ['', 'cursor=', 'limit=', 'tenant=']],
  [`${API}/tasks`, ['', 'status=', 'cursor=']],
  [`${API}/usage`, ['', 'from=', 'until=', 'group_by=']],
  [`${API}/runs/unknown/events`, ['', 'after=']],
  [SOCKET_PATH, ['']],
  ['/api/v1/admin/audit', ['', 'after=', 'action=', 'actor=']],
  ['/docs', ['']],
];

const PATHS = [
  '/?',
  '/?/?',
  '/api/?',
  `${API}/?`,
  `${API}/sessions/?`,
  `${API}/sessions/?/messages`,
  `${API}/tasks/?/approvals/unknown`,
  `${API}/tasks/unknown/approvals/?`,
  `${API}/runs/?/events`,
  `${API}/end-users/?/export`,
  '/api/v1/admin/keys/?/rotate',
  '/api/v1/admin/tenants/?/export',
  '/docs/?',
  '/health/?',
];

const collector = await OtlpCollector.start();
const settings = {
  TRUST_PROXY: '127.0.0.1, ::1, 10.0.0.0/8, fd00::/8',
  CORS_ORIGINS: 'https://app.example',
  OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
};
const [open, closed] = await Promise.all([startService(settings), startService({ ...settings, AUTH_MODE: 'api-key' })]);
const agent = new Agent({ keepAlive: true });

afterAll(async () => {
  agent.destroy();
  await removeServices();
  await collector.close();
});

/** Headers that identify a caller. */
const IDENTITY = /^(authorization|host|sec-websocket-protocol|x-api-key|x-end-user|x-forwarded-for)$/;

const SERVICES = [
  { name: 'an open service', service: open, headers: HEADERS, queries: QUERIES, paths: PATHS },
  {
    name: 'a closed service that does not know the caller',
    service: closed,
    headers: HEADERS.filter(({ name }) => IDENTITY.test(name)),
    queries: QUERIES.slice(0, 1),
    paths: PATHS.slice(0, 1),
  },
];

describe.each(SERVICES)('$name', ({ service, headers: readHeaders, queries, paths }) => {
  const plainMs = new Map<string, number>();

  it.each(readHeaders)('reads $name in linear time, at $call.path', async ({ name, call, begins = [] }) => {
    const attacks = TEXTS.flatMap(({ what, text }) =>
      ['', ...begins].map((begin) => ({
        what: `${begin}… ${what}`,
        call: { ...call, headers: { ...call.headers, [name]: begin + text.slice(begin.length) } },
      })),
    );
    expect(await slowAmong(attacks, call)).toEqual([]);
  });

  it.each(queries)('reads the query of %s in linear time', async (path, begins) => {
    const attacks = TEXTS.flatMap(({ what, text }) =>
      begins.map((begin) => ({
        what: `${begin}… ${what}`,
        call: { method: 'GET', path: `${path}?${begin}${urlText(text.slice(begin.length))}` },
      })),
    );
    expect(await slowAmong(attacks, { method: 'GET', path })).toEqual([]);
  });

  it.each(paths)('reads the parts of %s in linear time', async (pattern) => {
    const at = (part: string): Call => ({ method: 'GET', path: pattern.replaceAll('?', () => part) });
    const parts = pattern.split('?').length - 1;
    // The router refuses path segments longer than 384 characters.
    const attacks = [384, Math.floor(LARGEST / parts)].flatMap((length) =>
      hostileTexts(length).map(({ what, text }) => ({
        what: `${length} characters of ${what}`,
        call: at(urlText(text)),
      })),
    );
    expect(await slowAmong(attacks, at('unknown'))).toEqual([]);
  });

  it('refuses larger headers in linear time', async () => {
    const knownMs = await plain(ROLES);
    const call = { ...ROLES, headers: { 'x-api-key': 'a'.repeat(TOO_LARGE) } };

    const { status, tookMs } = await fastest(call, knownMs + ALLOWED_MS);
    expect(status).toBe(431);
    expect(tookMs).toBeLessThanOrEqual(knownMs + ALLOWED_MS);
  });

  /** Returns the least time of the call. */
  async function plain(call: Call): Promise<number> {
    const name = `${call.method} ${call.path}`;
    const known = plainMs.get(name) ?? (await fastest(call, PLAIN_MS)).tookMs;
    plainMs.set(name, known);
    return known;
  }

  /** Returns the first attack that takes longer than the plain call. */
  async function slowAmong(attacks: readonly Attack[], plainCall: Call): Promise<string[]> {
    const knownMs = await plain(plainCall);
    for (const { what, call } of attacks) {
      const { status, tookMs } = await fastest(call, knownMs + ALLOWED_MS);
      // Node itself refused the request, so its time says nothing about the service.
      if (status === 431) return [`${what}: 431`];
      if (tookMs > knownMs + ALLOWED_MS) return [`${what}: ${tookMs.toFixed(1)} ms, plain ${knownMs.toFixed(1)} ms`];
    }
    return [];
  }

  /** Returns the fastest of several tries, and stops early once it is fast enough. */
  async function fastest(call: Call, enoughMs: number): Promise<Try> {
    const lastMs = performance.now() + LONGEST_MS;
    let best = await timed(call);
    for (let tries = 1; tries < TRIES && best.tookMs > enoughMs && performance.now() < lastMs; tries++) {
      // Other work on the machine may end during the pause.
      if (tries > 3) await sleep(PAUSE_MS);
      const next = await timed(call);
      if (next.tookMs < best.tookMs) best = next;
    }
    return best;
  }

  async function timed({ method, path, headers, body }: Call): Promise<Try> {
    const { hostname, port } = new URL(service.url);
    const startedMs = performance.now();
    const sent = request({
      hostname,
      port,
      method,
      path,
      agent,
      headers: { ...(body !== undefined && { 'content-length': body.length }), ...headers },
    });
    const { promise, resolve } = Promise.withResolvers<number>();
    sent.on('response', (response: IncomingMessage) => {
      response.resume();
      response.on('close', () => resolve(response.statusCode ?? 0));
    });
    sent.on('upgrade', (_, socket) => {
      socket.destroy();
      resolve(101);
    });
    // Some values end the connection at once.
    sent.on('error', () => resolve(0));
    sent.end(body);
    const status = await promise;
    return { status, tookMs: performance.now() - startedMs };
  }
});

/** Removes characters that would end a request target or that a client must not send there. */
function urlText(text: string): string {
  return text
    .replaceAll(' ', '+')
    .replaceAll(/[\t?#]/g, '_')
    .replaceAll(/[\x80-\xff]/g, '~');
}
