import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/**
 * An HTTP server on loopback that plays somebody else's service. It keeps no process alive.
 *
 * @example
 * class Mirror extends LoopbackServer {
 *   protected answer(request: IncomingMessage, response: ServerResponse): void {
 *     request.pipe(response);
 *   }
 * }
 * const mirror = await new Mirror().listen();
 */
export abstract class LoopbackServer {
  protected readonly http = createServer((request, response) => {
    void (async () => await this.answer(request, response))().catch(() => response.destroy());
  });
  #port = 0;

  /** Begins to listen: first on a free port, after `kill` on the same one. */
  async listen(): Promise<this> {
    this.http.listen(this.#port, '127.0.0.1');
    await once(this.http, 'listening');
    const address = this.http.address();
    if (typeof address === 'object' && address) this.#port = address.port;
    this.http.unref();
    return this;
  }

  get port(): number {
    return this.#port;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Breaks every socket, as a killed process does. */
  kill(): void {
    this.http.closeAllConnections();
    this.http.close();
  }

  async close(): Promise<void> {
    this.kill();
    await once(this.http, 'close');
  }

  /** Answers a request. A failure breaks its socket. */
  protected abstract answer(request: IncomingMessage, response: ServerResponse): Promise<void> | void;
}
