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
 * half a minute. On other systems than Linux one socket listens.
 *
 * @throws Error `EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL` or `ENOTFOUND` if nothing can listen there.
 * @example
 * await listenOn(app, { host: '127.0.0.1', port: 8000 });
 */
export async function listenOn(app: NestFastifyApplication, address: ListenAddress): Promise<void> {
  const options = { ...address, backlog: BACKLOG, reusePort: SHARES_ADDRESSES };
  if (!SHARES_ADDRESSES) {
    await app.listen(options);
    return;
  }
  // Sockets that share an address do not notice those of another service.
  if (address.port !== 0) await requireFree(address);
  const others: Server[] = [];
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('preClose', (done: () => void) => {
    for (const other of others) other.close();
    done();
  });
  await app.listen(options);
  const { address: host, port } = addressOf(fastify.server);
  for (let count = 1; count < LISTENERS; count++) others.push(listenFor(fastify.server, { ...options, host, port }));
  await Promise.all(others.map((other) => once(other, 'listening')));
}

/** Listens with one more socket, whose connections are those of the server. The options are those of Node's HTTP server. */
function listenFor(server: Server, options: ListenAddress): Server {
  const other = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.emit('connection', socket));
  return other.listen(options);
}

async function requireFree(address: ListenAddress): Promise<void> {
  const probe = createServer().listen(address);
  await once(probe, 'listening');
  probe.close();
  await once(probe, 'close');
}

function addressOf(server: Server): { readonly address: string; readonly port: number } {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server does not listen on a TCP port.');
  return address;
}
