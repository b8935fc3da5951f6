import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { Pool } from 'undici';
import { until } from '../../../test/support/until.js';
import { ProviderBody } from './provider.body.js';
import { ReadPace } from '../../async/read.pace.js';

const MEBIBYTE = 1024 * 1024;

let server: Server;
let pool: Pool;
let answer: (response: ServerResponse) => void;
beforeEach(async () => {
  server = createServer((_, response) => answer(response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  pool = new Pool(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, { connections: 1 });
});
afterEach(async () => {
  await pool.destroy();
  server.closeAllConnections();
  server.close();
});

function request(signal = new AbortController().signal, pace?: ReadPace): ProviderBody {
  const body = new ProviderBody(signal, pace);
  pool.dispatch({ method: 'POST', path: '/', body: '{}' }, body);
  return body;
}

describe('ProviderBody', () => {
  it('pauses a provider that is faster than the reader, and loses nothing', async () => {
    let sent = 0;
    let isHeldUp = false;
    answer = (response) => {
      const write = (): void => {
        while (sent < 32 * MEBIBYTE) {
          sent += MEBIBYTE;
          if (response.write(Buffer.alloc(MEBIBYTE))) continue;
          isHeldUp = true;
          response.once('drain', write);
          return;
        }
        response.end();
      };
      write();
    };
    const body = request();
    expect(await body.head()).toMatchObject({ status: 200 });
    await until('the provider has to wait', () => isHeldUp);
    const before = sent;
    const chunks = await body.rest();

    expect(before).toBeLessThan(32 * MEBIBYTE);
    expect(chunks.reduce((sum, { length }) => sum + length, 0)).toBe(32 * MEBIBYTE);
  });

  it('fails for a reader whose signal aborts, before and after the head', async () => {
    for (const withHead of [false, true]) {
      const aborted = new AbortController();
      const closed = Promise.withResolvers<void>();
      answer = (response) => {
        response.once('close', () => closed.resolve());
        if (withHead) response.write('x');
      };
      const body = request(aborted.signal);
      if (withHead) expect([await body.head(), await body.next()]).toHaveLength(2);
      const waiting = withHead ? body.next() : body.head();
      setImmediate(() => aborted.abort());
      await expect(waiting).rejects.toThrow('abandoned');
      if (withHead) await closed.promise;
    }
  });

  it('fails for a reader that waits for a connection when its signal aborts', async () => {
    answer = () => undefined;
    const first = request();
    const aborted = new AbortController();
    const second = request(aborted.signal);
    aborted.abort();
    await expect(second.head()).rejects.toThrow('abandoned');
    first.destroy();
    await expect(first.head()).rejects.toThrow('abandoned');
  });

  it('fails if the connection breaks within the body', async () => {
    answer = (response) => {
      response.write('a');
      setImmediate(() => response.destroy());
    };
    await expect(request().rest()).rejects.toThrow(/terminated|closed|socket/);
  });

  it('leaves the connection open for the next call if the answer has ended', async () => {
    let connections = 0;
    server.on('connection', () => connections++);
    answer = (response) => void response.end('x');
    for (let call = 0; call < 3; call++) {
      const body = request();
      expect(Buffer.concat(await body.rest()).toString()).toBe('x');
      body.destroy();
    }
    expect(connections).toBe(1);
  });

  describe('while the process is busy', () => {
    /** A process that is always busy, whose windows end when the test says so. */
    function busyPace(): { pace: ReadPace; endWindow: () => void; isOpen: () => boolean } {
      let nowMs = 0;
      let end: (() => void) | undefined;
      const pace = new ReadPace({
        now: () => (nowMs += 100),
        busyShare: () => 1,
        after: (_, work) => void (end = work),
      });
      for (let others = 0; others < 1000; others++) pace.open();
      return { pace, endWindow: () => end?.(), isOpen: () => end !== undefined };
    }

    /** Answers with a chunk each time, and ends with the last. */
    function inChunks(): { write: (chunk: string) => Promise<void>; end: () => void } {
      const open = Promise.withResolvers<ServerResponse>();
      answer = (response) => {
        response.flushHeaders();
        open.resolve(response);
      };
      return {
        write: async (chunk) => void (await open.promise).write(chunk),
        end: () => void open.promise.then((response) => response.end()),
      };
    }

    async function textOf(chunks: Promise<readonly Uint8Array[]>): Promise<string> {
      return Buffer.concat(await chunks).toString();
    }

    it('hands on the first chunks at once, and later ones together', async () => {
      const { pace, endWindow, isOpen } = busyPace();
      const { write, end } = inChunks();
      const body = request(undefined, pace);
      for (const first of ['a', 'b', 'c', 'd']) {
        await write(first);
        expect(await textOf(body.next())).toBe(first);
      }
      const later = textOf(body.next());
      await write('e');
      await until('the window is open', isOpen);
      await write('f');
      await until('both have arrived', () => body.bufferedBytes === 2);
      endWindow();
      expect(await later).toBe('ef');
      end();
      expect(await body.next()).toEqual([]);
    });

    it('does not wait for the window if the answer ends, fails or is abandoned', async () => {
      for (const how of ['end', 'failure', 'abort'] as const) {
        const { pace, isOpen } = busyPace();
        const { write, end } = inChunks();
        const aborted = new AbortController();
        const body = request(aborted.signal, pace);
        for (const first of ['a', 'b', 'c', 'd']) {
          await write(first);
          await body.next();
        }
        const last = textOf(body.next());
        await write('e');
        await until('the window is open', isOpen);
        if (how === 'end') end();
        else if (how === 'failure') server.closeAllConnections();
        else aborted.abort();
        expect(await last).toBe('e');
        if (how === 'end') expect(await body.next()).toEqual([]);
        else await expect(body.next()).rejects.toThrow();
      }
    });
  });
});
