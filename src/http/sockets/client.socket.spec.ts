import { once } from 'node:events';
import { WebSocket, WebSocketServer } from 'ws';
import { Gate, until } from '../../../test/support/until.js';
import { ClientSocket, type ClientSocketOptions } from './client.socket.js';

const { jest } = import.meta;

let server: WebSocketServer;

beforeAll(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
});

afterAll(async () => {
  for (const client of server.clients) client.terminate();
  server.close();
  await once(server, 'close');
});

afterEach(() => void jest.useRealTimers());

/** A client that answers pings or ignores them, and the server's end of its connection. */
async function connect(
  autoPong: boolean,
  options?: ClientSocketOptions,
): Promise<{ caller: WebSocket; ours: WebSocket; socket: ClientSocket }> {
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const connected = once(server, 'connection');
  const caller = new WebSocket(`ws://127.0.0.1:${port}`, { autoPong });
  const [ours]: WebSocket[] = await connected;
  await once(caller, 'open');
  if (ours === undefined) throw new Error('No client has connected.');
  return { caller, ours, socket: new ClientSocket(ours, options) };
}

describe('a socket', () => {
  it.each([
    { autoPong: true, isOpen: true },
    { autoPong: false, isOpen: false },
  ])('with answered pings $autoPong stays open: $isOpen', async ({ autoPong, isOpen }) => {
    jest.useFakeTimers({ doNotFake: ['setTimeout', 'performance', 'nextTick', 'setImmediate', 'queueMicrotask'] });
    const { caller, ours, socket } = await connect(autoPong);
    let pongs = 0;
    let pings = 0;
    ours.on('pong', () => pongs++);
    caller.on('ping', () => pings++);

    for (let round = 1; round <= 3 && ours.readyState === ours.OPEN; round++) {
      jest.advanceTimersByTime(20_000);
      if (ours.readyState !== ours.OPEN) break;
      await until('it is pinged', () => pings === round);
      if (autoPong) await until('it has answered', () => pongs === round);
    }

    if (!isOpen) await until('the runs have lost their reader', () => socket.signal.aborted);
    expect(ours.readyState === ours.OPEN).toBe(isOpen);
    expect(socket.signal.aborted).toBe(!isOpen);
  });

  it('stays open, paused for long by too many frames', async () => {
    jest.useFakeTimers({ doNotFake: ['setTimeout', 'performance', 'nextTick', 'setImmediate', 'queueMicrotask'] });
    const { caller, ours, socket } = await connect(true, { maxFrames: 1 });
    const gate = new Gate();
    let pings = 0;
    let pongs = 0;
    caller.on('ping', () => pings++);
    ours.on('pong', () => pongs++);
    jest.advanceTimersByTime(20_000);
    socket.accept(() => gate.opened);
    expect(ours.isPaused).toBe(true);

    jest.advanceTimersByTime(60_000);
    expect(ours.readyState).toBe(ours.OPEN);

    gate.open();
    await until('it reads again', () => !ours.isPaused);
    jest.advanceTimersByTime(20_000);
    expect(ours.readyState).toBe(ours.OPEN);
    await until('it has answered', () => pings === 2 && pongs === 2);
  });

  it('reads a stream no faster than its reader, and closes with 1013 if the reader stalls', async () => {
    const { caller, ours, socket } = await connect(true);
    caller.pause();
    let taken = 0;
    const data = JSON.stringify({ text: 'x'.repeat(256 * 1024) });

    await socket.stream('a', async () => batches());

    expect(ours.readyState).toBe(ours.CLOSING);
    expect(socket.signal.aborted).toBe(true);
    // The operating system buffers some unread data too.
    expect(taken).toBeLessThan(100);
    const closed = once(caller, 'close');
    caller.resume();
    expect((await closed)[0]).toBe(1013);

    async function* batches() {
      while (!socket.signal.aborted && taken < 1000) {
        taken++;
        yield [{ type: 'message.delta', sequence: taken, data, isFinal: false }];
      }
    }
  });

  it('is cut a second after its credentials have ended if the client does not answer', async () => {
    const { caller, ours, socket } = await connect(true);
    // A paused client reads no close frame, so it does not answer it.
    caller.pause();
    const startedMs = performance.now();

    socket.revoke();

    expect(socket.signal.aborted).toBe(true);
    await until('it is cut', () => ours.readyState === ours.CLOSED, 5000);
    expect(performance.now() - startedMs).toBeGreaterThan(900);
    expect(performance.now() - startedMs).toBeLessThan(2000);
    caller.terminate();
  });

  it('is closed with 1008 once its credentials have ended', async () => {
    const { caller, socket } = await connect(true);
    const closed = once(caller, 'close');
    socket.revoke();
    expect((await closed)[0]).toBe(1008);
  });

  it('executes at most 64 frames at once, and reads no more meanwhile', async () => {
    const { caller, ours, socket } = await connect(true);
    const gate = new Gate();
    let underWay = 0;
    let most = 0;
    let done = 0;
    ours.on('message', () =>
      socket.accept(async () => {
        most = Math.max(most, ++underWay);
        await gate.opened;
        underWay--;
        done++;
      }),
    );
    for (let frame = 0; frame < 200; frame++) caller.send('{}');
    await until('it reads no more', () => ours.isPaused);
    expect(most).toBe(64);

    gate.open();
    await until('all frames are done', () => done === 200);
    expect(most).toBe(64);
    expect(ours.isPaused).toBe(false);
  });

  it.each([
    { what: 'a stream', isStreaming: true, isOpen: true },
    { what: 'no stream', isStreaming: false, isOpen: false },
  ])('stays open, idle for long with $what: $isOpen', async ({ isStreaming, isOpen }) => {
    jest.useFakeTimers({ doNotFake: ['setTimeout', 'performance', 'nextTick', 'setImmediate', 'queueMicrotask'] });
    const { caller, socket } = await connect(true, { idleTimeoutMs: 0 });
    const ended = new Gate();
    const streaming = isStreaming && socket.stream('a', async () => noneUntil(ended.opened));
    let code = 0;
    let pings = 0;
    caller.on('close', (closed) => (code = closed));
    caller.on('ping', () => pings++);

    jest.advanceTimersByTime(20_000);
    await until('it is pinged or closed', () => pings > 0 || code !== 0);
    expect(code).toBe(isOpen ? 0 : 1001);
    ended.open();
    await streaming;
  });
});

// oxlint-disable-next-line require-yield -- a stream without events
async function* noneUntil(ended: Promise<unknown>): AsyncGenerator<never[]> {
  await ended;
}
