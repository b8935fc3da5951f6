import { type Agent, request, type IncomingHttpHeaders } from 'node:http';
import { parseObject, objects, string, type Json } from '../json.js';

/** A server at a base URL; a service's URL changes when it restarts. */
export interface Target {
  readonly url: string;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** `{}` if the body is not a JSON object. */
  body: Json;
}

export interface Options {
  headers?: Record<string, string>;
  /** An object is sent as JSON, anything else as it is. */
  body?: unknown;
  signal?: AbortSignal;
  /** Keeps connections, which saves half of the CPU time of a short call. */
  agent?: Agent;
}

/**
 * Sends one HTTP call, on its own connection if no agent keeps one: `send(service, 'GET /health')`. The path is sent
 * unchanged, and any header may be set. fetch does not allow Host.
 */
export function send(target: Target, call: string, options: Options = {}): Promise<Answer> {
  const { method, path } = splitCall(call);
  const { agent = false } = options;
  const { body, contentType } = encodeBody(options.body);
  const { hostname, port } = new URL(target.url);
  const headers = {
    ...(body && { 'content-length': String(body.length) }),
    ...(contentType && { 'content-type': contentType }),
    ...options.headers,
  };
  return new Promise((resolve, reject) => {
    const signal = options.signal ?? AbortSignal.timeout(20_000);
    const sent = request({ hostname, port, method, path, headers, agent, signal }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, body: parseObject(text) });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

export function chat(target: Target, body: Json, options: Options = {}): Promise<Answer> {
  return send(target, 'POST /api/v1/agent/chat', { ...options, body });
}

export interface Said {
  role: string;
  content: string;
}

/** Returns the messages of a session, oldest first; empty for an unknown session. */
export async function historyOf(target: Target, sessionId: string): Promise<Said[]> {
  const said: Said[] = [];
  let cursor = '';
  do {
    const query = `limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
    const page = await send(target, `GET /api/v1/agent/sessions/${encodeURIComponent(sessionId)}/messages?${query}`);
    for (const item of objects(page.body.items)) said.push({ role: string(item.role), content: string(item.content) });
    cursor = string(page.body.next_cursor);
  } while (cursor);
  return said.toReversed();
}

function splitCall(call: string): { method: string; path: string } {
  const space = call.indexOf(' ');
  return { method: call.slice(0, space), path: call.slice(space + 1) };
}

function encodeBody(body: unknown): { body?: Buffer; contentType?: string } {
  if (body === undefined) return {};
  if (Buffer.isBuffer(body)) return { body };
  if (typeof body === 'string') return { body: Buffer.from(body) };
  return { body: Buffer.from(JSON.stringify(body)), contentType: 'application/json' };
}
