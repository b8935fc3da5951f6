import { setTimeout as sleep } from 'node:timers/promises';
import { clusterPlace, embeddedPlace } from '../../bench/chaos/places.ts';
import type { NewApiKey } from '../../src/keys/key.input.js';
import { type Answer, send } from '../support/clients/client.js';
import { MuteSocket } from '../support/clients/mute.socket.js';
import { followEvents, openStream, openStreamV2 } from '../support/clients/sse.js';
import { string } from '../support/json.js';
import { AUDIENCE, Issuer } from '../support/servers/issuer.js';
import { Upstream } from '../support/servers/upstream.js';
import { modelAt, removeServices, type Service, startService } from '../support/service/service.js';
import { openKeys, type OpenKeys } from '../../src/keys/open.keys.js';
import { until } from '../support/until.js';

/** Within this time a replica has learnt that credentials have ended. */
const SECOND_MS = 1000;
/** The close handshake, and the pauses of this machine. */
const CUT_MS = 2500;

type Headers = Record<string, string>;

const places = [await embeddedPlace(), await clusterPlace()].filter((place) => place !== undefined);
const issuer = await Issuer.start();
const upstream = await Upstream.start();

afterAll(async () => {
  await removeServices();
  await Promise.all(places.map((place) => place.remove()));
  await Promise.all([issuer.close(), upstream.close()]);
});

describe.each(places)('the end of credentials, $name,', ({ name, databaseUrl, redisUrl }) => {
  /** The replica that serves the callers, and the one that serves the operator. */
  let service: Service;
  let other: Service;
  let opened: OpenKeys;
  let operator: Headers;

  beforeAll(async () => {
    const settings = { ...modelAt(upstream), AUTH_MODE: 'api-key', DATABASE_URL: databaseUrl };
    const start = () => startService({ ...settings, ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }) });
    service = await start();
    other = name === 'cluster' ? await start() : service;
    opened = await openKeys(databaseUrl);
    operator = bearer(await keyFor({ scopes: ['admin'], tenant: 'ops' }));
  });
  afterAll(() => opened.close());

  async function keyFor(wanted: Partial<NewApiKey> = {}): Promise<string> {
    const { key } = await opened.keys.create(
      { name: 'k', tenant: 'acme', scopes: ['chat', 'tasks'], ...wanted },
      'test',
    );
    return key;
  }

  const rotate = (key: string, overlap_seconds: number): Promise<Answer> =>
    send(other, `POST /api/v1/admin/keys/${idOf(key)}/rotate`, { headers: operator, body: { overlap_seconds } });
  const revoke = (key: string): Promise<Answer> =>
    send(other, `DELETE /api/v1/admin/keys/${idOf(key)}`, { headers: operator });

  const ENDS: readonly (readonly [string, (key: string) => Promise<unknown>])[] = [
    ['a revocation', revoke],
    ['a rotation without an overlap', (key) => rotate(key, 0)],
    [
      'the overlap of a rotation',
      async (key) => {
        await rotate(key, 1);
        await sleep(SECOND_MS);
      },
    ],
  ];

  it.each(ENDS)('by %s makes a socket ignore frames, and cuts a client that stays', async (_, end) => {
    const key = await keyFor();
    await expectEnd(service, bearer(key), () => end(key));
  });

  it('by the expiry of a key makes a socket ignore frames, and cuts a client that stays', async () => {
    const expiresAt = new Date(Date.now() + 2 * SECOND_MS);
    const key = await keyFor({ expiresAt });
    await expectEnd(service, bearer(key), () => sleep(expiresAt.getTime() - Date.now()));
  });

  it.each(ENDS)('by %s ends streams and followers of events', async (_, end) => {
    const key = await keyFor();
    const headers = bearer(key);
    upstream.when('for long', { does: 'stay silent' });
    const request = { message: 'for long' };
    const [stream, second] = await Promise.all([
      openStream(service, request, { headers }),
      openStreamV2(service, { input: 'for long' }, { headers }),
    ]);
    const [first] = await stream.readTo('run.started');
    const { body } = await send(service, 'POST /api/v1/agent/tasks', { headers, body: request });
    const streams = [
      stream,
      second,
      await followEvents(service, `/runs/${string(first?.data.run_id)}/events`, { headers }),
      await followEvents(service, `/tasks/${string(body.task_id)}/events`, { headers }),
    ];
    expect(streams.map(({ status }) => status)).toEqual([200, 200, 200, 200]);

    await end(key);

    const endedMs = performance.now();
    await Promise.all(streams.map((each) => each.rest()));
    expect(performance.now() - endedMs).toBeLessThan(CUT_MS);
  });
});

describe('the expiry of a token', () => {
  it('makes a socket ignore frames, and cuts a client that stays', async () => {
    const service = await startService({
      ...modelAt(upstream),
      AUTH_MODE: 'jwt',
      JWT_ISSUER: issuer.url,
      JWT_AUDIENCE: AUDIENCE,
      JWKS_URI: issuer.jwksUri,
    });
    const token = await issuer.sign({ sub: 'ada', tenant: 'acme', scope: 'chat' }, { expiresIn: -3 });
    // Clocks may differ by 5 s.
    await expectEnd(service, bearer(token), () => sleep(2 * SECOND_MS));
  });
});

/** Expects that the socket works until its credentials end, and that nobody acts on later frames. */
async function expectEnd(service: Service, headers: Headers, end: () => Promise<unknown>): Promise<void> {
  const socket = await MuteSocket.open(service, headers);
  const tag = crypto.randomUUID().slice(0, 8);
  const ask = (message: string): void => socket.send({ type: 'chat', id: message, request: { message } });
  ask(`before-${tag}`);
  await until('the first frame is answered', () => upstream.asked(`before-${tag}`));

  await end();
  const endedMs = performance.now();
  await sleep(SECOND_MS);
  for (let count = 0; count < 50 && socket.cutMs === undefined; count++) {
    ask(`after-${tag}-${count}`);
    await sleep(50);
  }

  const cutMs = await until('the socket is cut', () => socket.cutMs);
  expect(cutMs - endedMs).toBeLessThan(CUT_MS);
  expect(upstream.requests.filter(({ messages }) => JSON.stringify(messages).includes(`after-${tag}`))).toEqual([]);
}

function bearer(credentials: string): Headers {
  return { authorization: `Bearer ${credentials}` };
}

function idOf(key: string): string {
  return string(key.split('_')[1]);
}
