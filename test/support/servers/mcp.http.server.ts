import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** The HTTP side of an MCP server on loopback, which can die and restart on the same port. */
export abstract class McpHttpServer {
  #http: Server | undefined;
  #port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}/mcp`;
  }

  async start(): Promise<this> {
    this.#http = createServer((request, response) => {
      const session = request.headers['mcp-session-id'];
      void this.handle(request, response, typeof session === 'string' ? session : undefined);
    });
    this.#http.listen(this.#port, '127.0.0.1');
    await once(this.#http, 'listening');
    const address = this.#http.address();
    if (typeof address === 'object' && address !== null) this.#port = address.port;
    return this;
  }

  /** Forgets all sessions. */
  abstract forget(): void;

  /** Forgets all sessions and breaks every socket, as a killed process does. */
  kill(): void {
    this.forget();
    this.#http?.closeAllConnections();
    this.#http?.close();
  }

  /** @param session the session that the request names. */
  protected abstract handle(
    request: IncomingMessage,
    response: ServerResponse,
    session: string | undefined,
  ): Promise<void>;
}
