import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { WebSocket, type ClientOptions } from 'ws';
import type { Target } from './client.js';
import { object, parseObject, string, type Json } from '../json.js';
import { until } from '../until.js';

export const SOCKET_PATH = '/api/v1/agent/ws';

export interface SocketOptions extends ClientOptions {
  readonly protocols?: string[];
  readonly path?: string;
}

/** A WebSocket client that records its frames and its close. */
export class TestSocket {
  readonly frames: Json[] = [];
  upgrade: IncomingMessage | undefined;
  closed: { readonly code: number; readonly reason: string } | undefined;

  private constructor(readonly ws: WebSocket) {
    ws.on('message', (data: Buffer) => this.frames.push(parseObject(data.toString())));
    ws.on('upgrade', (response) => (this.upgrade = response));
    ws.on('close', (code, reason) => (this.closed = { code, reason: reason.toString() }));
    ws.on('error', () => undefined);
  }

  static async open(target: Target, { protocols = [], path = SOCKET_PATH, ...options }: SocketOptions = {}) {
    const socket = new TestSocket(new WebSocket(target.url.replace(/^http/, 'ws') + path, protocols, options));
    await once(socket.ws, 'open');
    return socket;
  }

  send(frame: Json): void {
    this.ws.send(JSON.stringify(frame));
  }

  /** Returns the frames with that id. */
  under(id: string | null): Json[] {
    return this.frames.filter((frame) => frame.id === id);
  }

  /** Returns the types of the frames with that id. */
  typesUnder(id: string): string[] {
    return this.under(id).map(({ type }) => string(type));
  }

  /** Resolves to the first frame of that id and type. */
  frame(id: string | null, type: string): Promise<Json> {
    return until(`a ${type} arrives under ${id}`, () => this.under(id).find((frame) => frame.type === type));
  }

  /** Resolves to the error of the refused frame. */
  async error(id: string | null): Promise<Json> {
    return object((await this.frame(id, 'error')).error);
  }

  /** Resolves to the close code. */
  async code(): Promise<number> {
    return (await until('the socket is closed', () => this.closed)).code;
  }
}

/** Returns the refusal of an upgrade. */
export async function refusalOf(
  target: Target,
  { protocols = [], path = SOCKET_PATH, ...options }: SocketOptions = {},
): Promise<{ status: number; headers: IncomingMessage['headers']; body: Json }> {
  const ws = new WebSocket(target.url.replace(/^http/, 'ws') + path, protocols, options);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  ws.on('unexpected-response', (_, response) => resolve(response));
  ws.on('open', () => reject(new Error('The upgrade was accepted.')));
  ws.on('error', reject);
  const response = await promise;
  const chunks: Buffer[] = await response.toArray();
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: parseObject(Buffer.concat(chunks).toString()),
  };
}
