import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Target } from './client.js';

/** Returns a server's whole answer to these bytes. The request must ask it to close the connection. */
export async function sendRaw(target: Target, bytes: string): Promise<{ status: number; text: string }> {
  const socket = connect(Number(new URL(target.url).port), '127.0.0.1');
  socket.write(bytes, 'latin1');
  const answer = await text(socket);
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0), text: answer };
}
