import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { refuseUnreadable } from './error.responses.js';
import { until } from '../../test/support/until.js';

// Runs the server in this process, because only the server side shows whether a socket was released.
const peers: Socket[] = [];
let server: Server;

beforeAll(async () => {
  server = createServer();
  server.on('connection', (peer: Socket) => peers.push(peer));
  server.on('clientError', refuseUnreadable);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

it.each(['NO HTTP AT ALL\r\n\r\n', 'GET / HTTP/1.1\r\nbad header\r\n\r\n'])(
  'closes the socket of a peer that sends %j and never disconnects, after the answer',
  async (garbage) => {
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.on('error', () => undefined);
    let received = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => (received += chunk));
    await once(socket, 'connect');
    socket.write(garbage);
    await once(socket, 'end');

    expect(received).toMatch(/^HTTP\/1\.1 400 [^]*"error":"malformed_request"/);
    await until('the socket is closed', () => peers.at(-1)?.destroyed, 4000);
    expect(socket.destroyed).toBe(false);
    socket.destroy();
  },
);
