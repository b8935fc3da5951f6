import type { Server } from 'node:net';
import { print } from './report.ts';

/** Says on stdout where a server listens, in the line that the service logs too; ends with 0 when asked to. */
export function announce(server: Server): void {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Listen on a TCP port.');
  print(JSON.stringify({ msg: 'listening', url: `http://127.0.0.1:${address.port}` }));
  process.once('SIGTERM', () => process.exit(0));
}
