import type { Dispatcher } from 'undici';

/** How much of a body is kept for a reader that is slower than the provider. */
const MAX_BUFFERED_BYTES = 64 * 1024;

/** The headers of an answer. */
export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** The status and the headers of an answer. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: AnswerHeaders;
}

/**
 * Receives an answer from undici's dispatcher: its head, then its body in chunks. A stream of Node in between would cost
 * as much as the call.
 */
export class ProviderBody implements Dispatcher.DispatchHandler {
  readonly #head = Promise.withResolvers<AnswerHead>();
  readonly #chunks: Uint8Array[] = [];
  #bufferedBytes = 0;
  #controller: Dispatcher.DispatchController | undefined;
  /** How the answer ended; undefined: it goes on. */
  #end: { readonly failure?: Error } | undefined;
  #wake: (() => void) | undefined;
  readonly #onAbort = (): void => this.destroy();

  /** @param signal closes the connection. */
  constructor(private readonly signal: AbortSignal) {
    signal.addEventListener('abort', this.#onAbort);
  }

  /** Resolves with the head. @throws the failure of the connection, or an error after an abort. */
  head(): Promise<AnswerHead> {
    return this.#head.promise;
  }

  /** Resolves with the next chunk of the body; undefined at its end. @throws the failure of the connection. */
  async next(): Promise<Uint8Array | undefined> {
    while (this.#chunks.length === 0) {
      if (this.#end?.failure) throw this.#end.failure;
      if (this.#end) return undefined;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    const chunk = this.#chunks.shift();
    this.#bufferedBytes -= chunk?.length ?? 0;
    if (this.#controller?.paused === true && this.#bufferedBytes < MAX_BUFFERED_BYTES) this.#controller.resume();
    return chunk;
  }

  /** Resolves with the rest of the body. @throws the failure of the connection. */
  async rest(): Promise<Uint8Array[]> {
    const chunks: Uint8Array[] = [];
    for (let chunk = await this.next(); chunk; chunk = await this.next()) chunks.push(chunk);
    return chunks;
  }

  /** Closes the connection, unless the answer has ended. */
  destroy(): void {
    if (this.#end) return;
    const failure = new Error('The answer was abandoned.');
    this.#finish(failure);
    this.#controller?.abort(failure);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#end?.failure) controller.abort(this.#end.failure);
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): void {
    // Others announce that an answer follows.
    if (status >= 200) this.#head.resolve({ status, headers });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.#end) return;
    this.#chunks.push(chunk);
    this.#bufferedBytes += chunk.length;
    if (this.#bufferedBytes >= MAX_BUFFERED_BYTES) controller.pause();
    this.#wake?.();
  }

  onResponseEnd(): void {
    this.#finish();
  }

  onResponseError(_: Dispatcher.DispatchController, failure: Error): void {
    this.#finish(failure);
  }

  #finish(failure?: Error): void {
    if (this.#end) return;
    this.#end = failure ? { failure } : {};
    this.signal.removeEventListener('abort', this.#onAbort);
    if (failure) this.#head.reject(failure);
    this.#wake?.();
  }
}
