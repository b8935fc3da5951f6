import type { Server, Socket } from 'node:net';
import { networkOf } from '../auth/caller.address.js';

/** Closes new connections of an address, or of an IPv6 /64, that has so many. A connection that waits for TLS counts too. */
export function limitConnections(server: Server, maxPerAddress: number): void {
  const open = new Map<string, number>();
  // First, so that nothing is read of a connection beyond the limit.
  server.prependListener('connection', (socket: Socket) => {
    const network = networkOf(socket.remoteAddress ?? '');
    const count = open.get(network) ?? 0;
    if (count >= maxPerAddress) {
      socket.destroy();
      return;
    }
    open.set(network, count + 1);
    socket.once('close', () => {
      const left = (open.get(network) ?? 0) - 1;
      if (left > 0) open.set(network, left);
      else open.delete(network);
    });
  });
}
