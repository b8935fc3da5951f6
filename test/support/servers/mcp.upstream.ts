import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { McpHttpServer } from './mcp.http.server.js';

/** An MCP server over streamable HTTP, made with the protocol's own library. */
export class McpUpstream extends McpHttpServer {
  readonly calls: { tool: string; input: unknown }[] = [];
  readonly headers: IncomingHttpHeaders[] = [];
  /** Calls that the client cancelled. */
  cancelled = 0;
  /** Open requests whose answer a client still waits for. */
  openPosts = 0;
  /** Names of further tools that only echo. */
  readonly extraTools: string[] = [];
  readonly #sessions = new Map<string, { server: McpServer; transport: StreamableHTTPServerTransport }>();

  /** Sessions that the client did not end. */
  get sessionCount(): number {
    return this.#sessions.size;
  }

  forget(): void {
    this.#sessions.clear();
  }

  /** Adds a tool and notifies the clients. */
  add(tool: string): void {
    this.extraTools.push(tool);
    for (const { server } of this.#sessions.values()) {
      this.#echo(server, tool);
      server.sendToolListChanged();
    }
  }

  protected async handle(request: IncomingMessage, response: ServerResponse, session?: string): Promise<void> {
    this.headers.push(request.headers);
    if (request.method === 'POST') {
      this.openPosts++;
      response.once('close', () => this.openPosts--);
    }
    const known = session === undefined ? undefined : this.#sessions.get(session);
    if (known === undefined && session !== undefined) response.writeHead(404).end();
    else await (known?.transport ?? (await this.#open())).handleRequest(request, response);
  }

  async #open(): Promise<StreamableHTTPServerTransport> {
    const server = new McpServer({ name: 'http', version: '1' });
    this.#register(server);
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void this.#sessions.set(id, { server, transport }),
      onsessionclosed: (id) => void this.#sessions.delete(id),
    });
    await server.connect(transport);
    return transport;
  }

  #register(server: McpServer): void {
    this.#echo(server, 'echo');
    for (const tool of this.extraTools) this.#echo(server, tool);
    const plain = (tool: string, result: CallToolResult): void => {
      server.registerTool(tool, {}, () => result);
    };
    plain('fail', { content: [{ type: 'text', text: 'No such file.' }], isError: true });
    server.registerTool('hinted', { annotations: { readOnlyHint: true, idempotentHint: true } }, () => ({
      content: [],
    }));
    plain('figures', { content: [], structuredContent: { total: 7 } });
    plain('picture', {
      content: [
        { type: 'text', text: 'Two things:' },
        { type: 'image', mimeType: 'image/png', data: Buffer.from('12345').toString('base64') },
        { type: 'resource', resource: { uri: 'file:///a.txt', mimeType: 'text/plain', text: 'within' } },
      ],
    });
    server.registerTool('slow', {}, ({ signal }) => {
      signal.addEventListener('abort', () => this.cancelled++);
      this.calls.push({ tool: 'slow', input: {} });
      return new Promise(() => undefined);
    });
    server.registerTool('die', {}, () => {
      this.kill();
      return new Promise(() => undefined);
    });
  }

  #echo(server: McpServer, tool: string): void {
    const options = { description: 'Says it again', inputSchema: { text: z.string().max(20) } };
    server.registerTool(tool, options, ({ text }) => {
      this.calls.push({ tool, input: { text } });
      return { content: [{ type: 'text', text: `${tool}: ${text}` }] };
    });
  }
}
