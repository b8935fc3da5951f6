import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { until } from '../../../test/support/until.js';
import { sendLines } from './line.stream.js';

describe('lines of JSON', () => {
  const leaving = new AbortController();
  let ended: Promise<void> | undefined;
  let source: () => AsyncIterable<object>;
  const server = createServer((_, raw: ServerResponse) => {
    const response = { raw, header: () => undefined, getHeaders: () => ({}), hijack: () => undefined };
    ended = sendLines(response, source(), leaving.signal);
  });

  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  it('end at once when the credentials of a client end that does not read', async () => {
    let taken = 0;
    source = async function* () {
      for (;;) yield { line: ++taken, text: 'x'.repeat(1000) };
    };
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const [client]: IncomingMessage[] = await once(get({ port, host: '127.0.0.1' }), 'response');
    client?.pause();
    client?.on('error', () => undefined);
    let before = -1;
    await until('the buffers are full', () => {
      const isFull = taken > 0 && taken === before;
      before = taken;
      return isFull;
    });

    leaving.abort();

    await ended;
    const last = taken;
    client?.resume();
    await until('the connection is cut', () => client?.destroyed);
    expect(client?.complete).toBe(false);
    expect(taken).toBe(last);
  });
});
