import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { chat, historyOf, send } from '../support/clients/client.js';
import { expectError } from '../support/clients/expect-error.js';
import { string } from '../support/json.js';
import { removeServices, startPair } from '../support/service/service.js';
import { deltasOf, followEvents, numbersOf, openStream, type EventStream } from '../support/clients/sse.js';
import { Gate, until } from '../support/until.js';

const GRACE_MS = 600;
const TEXT = 'one two three four five';

const [pair, graceless] = await Promise.all([
  startPair('chat', { STREAM_GRACE_SECONDS: String(GRACE_MS / 1000) }),
  startPair('responses', { STREAM_GRACE_SECONDS: '0' }),
]);
const { service, upstream } = pair;

afterAll(removeServices);

beforeEach(() => {
  upstream.clear();
  graceless.upstream.clear();
});

/** Begins a stream that sends its first delta and then waits for the gate. */
async function begin(sessionId: string = randomUUID()) {
  const gate = new Gate();
  upstream.next({ does: 'reply', text: TEXT, hold: { afterDeltas: 1, until: gate.opened } });
  const stream = await openStream(service, { message: 'hello', session_id: sessionId });
  const seen = await stream.readTo('message.delta');
  return { gate, stream, seen, sessionId, path: `/runs/${string(seen[0]?.data.run_id)}/events` };
}

function rejoin(path: string, after: number): Promise<EventStream> {
  return followEvents(service, path, { headers: { 'last-event-id': String(after) } });
}

describe('a reader that leaves its stream', () => {
  it('gets the rest without gaps and repeats if it returns within the grace period', async () => {
    const { gate, stream, seen, path, sessionId } = await begin();
    stream.leave();
    await sleep(30);
    const back = await rejoin(path, seen.length);
    // Longer than the grace: the run still has a reader.
    await sleep(GRACE_MS * 1.5);
    gate.open();
    const events = [...seen, ...(await back.rest())];

    expect(numbersOf(events)).toEqual(events.map((_, index) => index + 1));
    expect(deltasOf(events)).toBe(TEXT);
    expect(events.at(-1)?.event).toBe('run.completed');
    expect(await historyOf(service, sessionId)).toHaveLength(2);
    expect(upstream.requests).toHaveLength(1);
  });

  it('gets the events that it missed, and the end', async () => {
    const { gate, stream, seen, path, sessionId } = await begin();
    stream.leave();
    gate.open();
    await until('the run has ended', async () => (await historyOf(service, sessionId)).length === 2);
    const events = [...seen, ...(await (await rejoin(path, seen.length)).rest())];

    expect(numbersOf(events)).toEqual(events.map((_, index) => index + 1));
    expect(deltasOf(events)).toBe(TEXT);
    const ended = await send(service, `GET /api/v1/agent${path}`, {
      headers: { 'last-event-id': String(events.length) },
    });
    expect([ended.status, ended.text]).toEqual([204, '']);
    const beyond = { headers: { 'last-event-id': String(events.length + 1) } };
    expectError(await send(service, `GET /api/v1/agent${path}`, beyond), 422, 'validation_failed');
    expect(await (await followEvents(service, path)).rest()).toEqual(events);
  });

  it('has its run cancelled after the grace period, but no sooner', async () => {
    const { stream, path, sessionId } = await begin();
    const left = Date.now();
    stream.leave();

    const abandonedAt = await until('the provider lost its caller', () => upstream.asked('hello')?.abandonedAt);

    expect(abandonedAt - left).toBeGreaterThan(GRACE_MS / 2);
    expect(abandonedAt - left).toBeLessThan(GRACE_MS + 5000);
    const events = await (await followEvents(service, path)).rest();
    expect(events.at(-1)?.event).toBe('run.cancelled');
    expect(numbersOf(events)).toEqual(events.map((_, index) => index + 1));
    upstream.clear();
    expect((await chat(service, { message: 'after', session_id: sessionId })).status).toBe(200);
    expect(await historyOf(service, sessionId)).toHaveLength(2);
  });

  it('has its run cancelled a whole grace period after it leaves again', async () => {
    const { stream, seen, path } = await begin();
    stream.leave();
    const back = await rejoin(path, seen.length);
    await sleep(GRACE_MS);
    const left = Date.now();
    back.leave();

    const abandonedAt = await until('the provider lost its caller', () => upstream.asked('hello')?.abandonedAt);
    expect(abandonedAt - left).toBeGreaterThan(GRACE_MS / 2);
    expect(abandonedAt - left).toBeLessThan(GRACE_MS + 5000);
  });

  it('does not disconnect other readers, who get the same events', async () => {
    const { gate, stream, seen, path } = await begin();
    const second = await rejoin(path, 0);
    const third = await rejoin(path, seen.length);
    expect(await second.readTo('message.delta')).toEqual(seen);
    stream.leave();
    await sleep(GRACE_MS * 1.5);
    gate.open();

    const [rest, otherRest] = [await second.rest(), await third.rest()];
    expect(rest.at(-1)?.event).toBe('run.completed');
    expect(otherRest).toEqual(rest);
    expect(deltasOf([...seen, ...rest])).toBe(TEXT);
  });

  it('gets the whole answer after any number of disconnects', async () => {
    upstream.next({ does: 'reply', text: 'word '.repeat(60), betweenDeltasMs: 5 });
    const stream = await openStream(service, { message: 'hello' });
    const events = await stream.readTo('message.delta');
    const path = `/runs/${string(events[0]?.data.run_id)}/events`;
    stream.leave();
    while (events.at(-1)?.event !== 'run.completed') {
      const back = await rejoin(path, events.length);
      for (let read = 0; read < 7; read++) {
        const event = await back.next();
        if (event === undefined) break;
        events.push(event);
      }
      back.leave();
    }

    expect(numbersOf(events)).toEqual(events.map((_, index) => index + 1));
    expect(deltasOf(events)).toBe('word '.repeat(60));
  });

  it('cannot return with STREAM_GRACE_SECONDS=0, which cancels its run at once', async () => {
    graceless.upstream.always({ does: 'reply', hold: { afterDeltas: 1, until: new Gate().opened } });
    const stream = await openStream(graceless.service, { message: 'hello' });
    const [started] = await stream.readTo('message.delta');
    stream.leave();

    await until('the provider lost its caller', () => graceless.upstream.asked('hello')?.abandonedAt, 4000);
    const path = `/runs/${string(started?.data.run_id)}/events`;
    expect((await (await followEvents(graceless.service, path)).rest()).at(-1)?.event).toBe('run.cancelled');
  });
});
