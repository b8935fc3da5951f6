import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';

/**
 * Signals the shutdown of the application. It aborts before the application's own server closes: that server waits for
 * open requests, and those may wait for the client.
 */
@Injectable()
export class HostShutdown implements BeforeApplicationShutdown {
  readonly #ended = new AbortController();
  readonly signal: AbortSignal = this.#ended.signal;

  beforeApplicationShutdown(): void {
    this.#ended.abort(new DOMException('The application is shutting down.', 'AbortError'));
  }
}
