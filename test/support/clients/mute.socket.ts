import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Json } from '../json.js';
import type { Target } from './client.js';
import { SOCKET_PATH } from './socket.js';

const TEXT_FRAME = 0x81;
const IS_MASKED = 0x80;
/** Longer payloads have a longer header. */
const MAX_BYTES = 125;

/** A WebSocket client that sends frames, but never answers a close frame. */
export class MuteSocket {
  /** When the service cut the connection, as `performance.now()` tells the time. */
  cutMs: number | undefined;

  private constructor(private readonly connection: Duplex) {
    connection.on('error', () => undefined);
    connection.on('close', () => (this.cutMs = performance.now()));
    connection.resume();
  }

  static async open(target: Target, headers: Readonly<Record<string, string>>): Promise<MuteSocket> {
    const { promise, resolve, reject } = Promise.withResolvers<MuteSocket>();
    const upgrade = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': randomBytes(16).toString('base64'),
    };
    request(target.url + SOCKET_PATH, { headers: { ...upgrade, ...headers } })
      .on('upgrade', (_, connection) => resolve(new MuteSocket(connection)))
      .on('response', ({ statusCode }) => reject(new Error(`The upgrade was refused: ${statusCode}.`)))
      .on('error', reject)
      .end();
    return await promise;
  }

  /** Sends a short frame. A mask of zeros leaves its text as it is. */
  send(frame: Json): void {
    const text = Buffer.from(JSON.stringify(frame));
    if (text.length > MAX_BYTES) throw new Error('The frame is too long for this client.');
    this.connection.write(Buffer.concat([Buffer.from([TEXT_FRAME, IS_MASKED | text.length, 0, 0, 0, 0]), text]));
  }

  destroy(): void {
    this.connection.destroy();
  }
}
