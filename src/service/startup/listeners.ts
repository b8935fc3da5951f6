import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** How many sockets listen. */
const LISTENERS = 32;
/** How many connections the system queues for each. With the default of 511, a burst of connections waits for a second. */
const BACKLOG = 4096;
/** Other systems do not spread connections over the sockets of an address. */
const SHARES_ADDRESSES = process.platform === 'linux';

/** An address to listen on. */
export interface ListenAddress {
  /** A name or an IP address. */
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

/**
 * Listens with 32 sockets on one address. Node accepts one connection from each socket in a turn of the event loop. While
 * thousands of streams are open, a turn takes a tenth of a second: with one socket, a burst of new callers would wait for
 * half a minute. On other systems than Linux, and on both addresses of `localhost`, one socket listens.
 *
 * @throws Error `EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL` or `ENOTFOUND` if nothing can listen there.
 * @example
 * await listenOn(app, { host: '127.0.0.1', port: 8000 });
 */
export async function listenOn(app: NestFastifyApplication, address: ListenAddress): Promise<void> {
  // Nest listens on both addresses of this name itself.
  if (!SHARES_ADDRESSES || address.host === 'localhost') {
    await app.listen({ ...address, backlog: BACKLOG });
    return;
  }
  const options = { ...address, backlog: BACKLOG, reusePort: true };
  const fastify = app.getHttpAdapter().getInstance();
  const others: Server[] = [];
  // Fastify waits for the connections of its own socket only.
  fastify.addHook('preClose', () => closed([fastify.server, ...others]));
  await listenAlone(address, () => app.listen(options));
  const { address: host, port } = addressOf(fastify.server);
  for (let count = 1; count < LISTENERS; count++) others.push(listenFor(fastify.server, { ...options, host, port }));
  try {
    await Promise.all(others.map((other) => once(other, 'listening')));
  } catch (error) {
    await app.close();
    throw error;
  }
}

/**
 * Calls `listen` if nothing listens on the address. Sockets that share an address do not notice those of another
 * service. So a socket that shares nothing tries the address first. Services that start at the same time try it one
 * after another: meanwhile an abstract socket, which leaves no file behind, reserves the address.
 */
async function listenAlone(address: ListenAddress, listen: () => Promise<unknown>): Promise<void> {
  if (address.port === 0) {
    await listen();
    return;
  }
  const reservation = createServer().listen(`\0rookery:${address.host}:${address.port}`);
  await once(reservation, 'listening');
  try {
    const trial = createServer().listen(address);
    await once(trial, 'listening');
    await closed([trial]);
    await listen();
  } finally {
    await closed([reservation]);
  }
}

/** Ends the listening of servers, and waits for the end of their connections. */
async function closed(servers: readonly Server[]): Promise<void> {
  const ends = servers.filter(({ listening }) => listening).map((server) => once(server, 'close'));
  for (const server of servers) server.close();
  await Promise.all(ends);
}

/** Listens with one more socket, whose connections are those of the server. The options are those of Node's HTTP server. */
function listenFor(server: Server, options: ListenAddress): Server {
  const other = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.emit('connection', socket));
  return other.listen(options);
}

function addressOf(server: Server): { readonly address: string; readonly port: number } {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server does not listen on a TCP port.');
  return address;
}
