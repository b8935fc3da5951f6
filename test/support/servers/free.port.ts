import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/**
 * Nothing listens on this port: the system does not give it away. A port that was free a moment ago may have a server of
 * another test. Unlike port 1, `fetch` does not refuse this one.
 */
export const CLOSED_PORT = 2;

/** Returns a port that is free at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return portOf(address);
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The server does not listen on a port.');
  return address.port;
}
