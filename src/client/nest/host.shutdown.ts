import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';

/**
 * The end of the application as a signal. It comes before the application's own server closes: that waits for the
 * requests that it has, and those may wait for what the client reads.
 */
@Injectable()
export class HostShutdown implements BeforeApplicationShutdown {
  readonly #ended = new AbortController();

  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  beforeApplicationShutdown(): void {
    this.#ended.abort(new DOMException('The application shuts down.', 'AbortError'));
  }
}
