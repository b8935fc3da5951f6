import type { Server } from 'node:net';
import { print } from './report.ts';

/**
 * Prints the server's address on stdout in the format of the service's log line. The process exits with 0 on a signal.
 */
export function announce(server: Server): void {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Listen on a TCP port.');
  print(JSON.stringify({ msg: 'listening', url: `http://127.0.0.1:${address.port}` }));
  process.once('SIGTERM', () => process.exit(0));
}
