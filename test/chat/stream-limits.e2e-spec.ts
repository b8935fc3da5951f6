import { send } from '../support/clients/client.js';
import { followEvents, openStream, openStreamV2 } from '../support/clients/sse.js';
import { refusalOf, TestSocket } from '../support/clients/socket.js';
import { string } from '../support/json.js';
import { removeServices, startPair, startService } from '../support/service/service.js';
import { Gate, until } from '../support/until.js';

const MAX_STREAMS = 3;
const MAX_REFUSALS = 20;

const [{ service, upstream }, limited] = await Promise.all([
  startPair('chat', { MAX_STREAMS_PER_CALLER: String(MAX_STREAMS), TRUST_PROXY: '127.0.0.1' }),
  startService({ RATE_LIMIT_REQUESTS: '3' }),
]);

afterAll(removeServices);

let gate: Gate;
beforeEach(() => {
  gate = new Gate();
  upstream.clear();
  upstream.always({ does: 'reply', hold: { afterDeltas: 1, until: gate.opened } });
});
afterEach(() => gate.open());

/** A caller of its own for each test. */
let callers = 0;
function newCaller(): { headers: Record<string, string> } {
  return { headers: { 'x-forwarded-for': `203.0.113.${++callers}` } };
}

describe('the streams of a caller', () => {
  it('are limited over all entry points together', async () => {
    const caller = newCaller();
    const streams = [await openStream(service, { message: 'a' }, caller)];
    const [started] = (await streams[0]?.readTo('message.delta')) ?? [];
    const events = `/runs/${string(started?.data.run_id)}/events`;
    streams.push(await openStreamV2(service, { input: 'a' }, caller));
    const socket = await TestSocket.open(service, caller);

    expect(await openStream(service, { message: 'b' }, caller)).toMatchObject({ status: 429 });
    expect(await openStreamV2(service, { input: 'b' }, caller)).toMatchObject({ status: 429 });
    expect(await followEvents(service, events, caller)).toMatchObject({ status: 429 });
    expect(await send(service, 'GET /api/v1/agent/sessions/unknown/export', caller)).toMatchObject({ status: 429 });
    expect(await refusalOf(service, caller)).toMatchObject({
      status: 429,
      headers: { 'retry-after': expect.any(String) },
      body: { error: 'rate_limited', detail: expect.stringContaining(`${MAX_STREAMS} streams`) },
    });
    expect(await followEvents(service, events, newCaller())).toMatchObject({ status: 200 });

    socket.ws.close();
    await until('a stream is free', async () => (await followEvents(service, events, caller)).status === 200);
  });

  it('leave answers without a stream alone', async () => {
    const caller = newCaller();
    await Promise.all(Array.from({ length: MAX_STREAMS }, () => TestSocket.open(service, caller)));
    gate.open();
    const body = { input: 'one answer' };
    expect(await send(service, 'POST /api/v2/agent/chat', { ...caller, body })).toMatchObject({ status: 200 });
  });

  it('include the chats and subscriptions of a socket, which stays open', async () => {
    const socket = await TestSocket.open(service, newCaller());
    for (const id of ['a', 'b', 'c']) socket.send({ type: 'chat', id, request: { message: id } });
    expect(await socket.error('c')).toMatchObject({ error: 'rate_limited' });
    const { run_id } = await socket.frame('a', 'message.delta');
    socket.send({ type: 'subscribe', id: 'd', run_id });
    expect(await socket.error('d')).toMatchObject({ error: 'rate_limited' });

    gate.open();
    await socket.frame('a', 'run.completed');
    await socket.frame('b', 'run.completed');
    socket.send({ type: 'subscribe', id: 'e', run_id });
    await socket.frame('e', 'run.completed');
  });

  it('are counted no more after a refusal or a failure', async () => {
    const caller = newCaller();
    for (let call = 0; call < 2 * MAX_STREAMS; call++) {
      expect(await openStream(service, { message: '' }, caller)).toMatchObject({ status: 422 });
      expect(await followEvents(service, '/runs/unknown/events', caller)).toMatchObject({ status: 404 });
      expect(await refusalOf(service, { ...caller, origin: 'https://evil.example' })).toMatchObject({ status: 403 });
    }
  });
});

describe('a socket', () => {
  it('closes with 1008 if the rate limit refuses too many of its frames', async () => {
    const socket = await TestSocket.open(limited);
    for (let frame = 0; frame < 10 * MAX_REFUSALS; frame++) socket.ws.send('{}');

    expect(await socket.code()).toBe(1008);
    expect(socket.closed?.reason).toMatch(/refused/);
    const refused = socket.frames.filter(({ error }) => JSON.stringify(error).includes('rate_limited'));
    expect(refused.length).toBeLessThan(MAX_REFUSALS);
  });
});
