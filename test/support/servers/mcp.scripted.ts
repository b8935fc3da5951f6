import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { object, parseObject, string, type Json } from '../json.js';
import { McpHttpServer } from './mcp.http.server.js';

/** A message that the server received, with the session that it named. */
export interface Received {
  readonly method: string;
  readonly params: Json;
  readonly session: string | undefined;
}

/** An MCP server over HTTP on loopback whose answers a test writes itself, valid or not. */
export class McpScripted extends McpHttpServer {
  readonly received: Received[] = [];
  /** Answers of the client to requests of the server. */
  readonly answers: Json[] = [];
  /** The entries of the list of tools. */
  tools: unknown[] = [];
  /** The result of a method. A text is sent as it is. Undefined: the usual result. */
  result: (method: string, params: Json) => unknown = () => undefined;
  /** Messages that precede each result of a call. With them, or `isStream`, results are event streams. */
  before: Json[] = [];
  isStream = false;
  /** Ends the stream of a call before its result, which the client gets if it resumes the stream. */
  isResumed = false;
  /** Breaks the socket before the result of a call. */
  isBroken = false;
  /** The answer to an unknown session. */
  unknown: { status: number; body: string } = { status: 404, body: 'Session not found' };
  /** Streams of sessions that were opened so far. */
  opened = 0;
  readonly #sessions = new Set<string>();
  readonly #streams = new Set<ServerResponse>();
  /** Answers to calls, by the last id of their event stream. */
  readonly #withheld: string[] = [];

  /** Forgets all sessions. Their streams stay open. */
  forget(): void {
    this.#sessions.clear();
  }

  /** Sends a message to all clients that listen. */
  send(message: Json): void {
    for (const stream of this.#streams) stream.write(eventOf(JSON.stringify({ jsonrpc: '2.0', ...message })));
  }

  /** The requests with that method. */
  requests(method: string): Received[] {
    return this.received.filter((each) => each.method === method);
  }

  protected async handle(request: IncomingMessage, response: ServerResponse, session?: string): Promise<void> {
    const message = parseObject(await textOf(request));
    const method = string(message['method']);
    if (method !== '') this.received.push({ method, params: object(message['params']), session });
    else if (request.method === 'POST') this.answers.push(message);
    if (session !== undefined && !this.#sessions.has(session)) {
      response.writeHead(this.unknown.status).end(this.unknown.body);
    } else if (request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      const withheld = this.#withheld[Number(request.headers['last-event-id'])];
      if (withheld !== undefined) {
        response.end(eventOf(withheld));
        return;
      }
      this.opened++;
      this.#streams.add(response);
      response.once('close', () => this.#streams.delete(response));
    } else if (method === '' || message['id'] === undefined) response.writeHead(202).end();
    else this.#answer(message, response);
  }

  #answer({ id, method, params }: Json, response: ServerResponse): void {
    const result = this.result(string(method), object(params)) ?? this.#usual(string(method), object(params));
    const text = typeof result === 'string' ? result : JSON.stringify(result);
    const answer = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${text}}`;
    if (method === 'initialize') {
      const session = randomUUID();
      this.#sessions.add(session);
      response.setHeader('mcp-session-id', session);
    }
    const before = method === 'tools/call' ? this.before : [];
    const isResumed = this.isResumed && method === 'tools/call';
    const isStream = this.isStream || isResumed || before.length > 0;
    const messages = before.map((each) => JSON.stringify({ jsonrpc: '2.0', ...each }));
    response.writeHead(200, { 'content-type': isStream ? 'text/event-stream' : 'application/json' });
    if (this.isBroken && method === 'tools/call') {
      response.write(': wait\n\n', () => response.destroy());
      return;
    }
    if (isResumed) {
      response.end(`id: ${this.#withheld.push(answer) - 1}\nretry: 1\ndata:\n\n`);
      return;
    }
    response.end(isStream ? [...messages, answer].map(eventOf).join('') : answer);
  }

  #usual(method: string, params: Json): Json {
    if (method === 'initialize') {
      const capabilities = { tools: { listChanged: true } };
      return { protocolVersion: '2025-06-18', capabilities, serverInfo: { name: 'scripted', version: '1' } };
    }
    if (method === 'tools/list') return { tools: this.tools };
    if (method === 'tools/call') return { content: [{ type: 'text', text: `called ${string(params['name'])}` }] };
    return {};
  }
}

function eventOf(data: string): string {
  return `event: message\ndata: ${data}\n\n`;
}
