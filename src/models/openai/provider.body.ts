import type { Dispatcher } from 'undici';
import { type ReadPace, readPace } from '../../async/read.pace.js';

/** How much of a body is kept for a reader that is slower than the provider. */
const MAX_BUFFERED_BYTES = 64 * 1024;
/** The first chunks never wait: a caller looks for the first words of an answer. */
const PROMPT_CHUNKS = 4;

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
  #chunks: Uint8Array[] = [];
  #promptChunks = PROMPT_CHUNKS;
  #bufferedBytes = 0;
  #controller: Dispatcher.DispatchController | undefined;
  /** How the answer ended; undefined: it goes on. */
  #end: { readonly failure?: Error } | undefined;
  #resume: (() => void) | undefined;
  #isWaking = false;
  readonly #onTurn = (): void => {
    this.#isWaking = false;
    this.#wake();
  };
  readonly #onAbort = (): void => this.destroy();

  /** @param signal closes the connection. */
  constructor(
    private readonly signal: AbortSignal,
    private readonly pace: ReadPace = readPace,
  ) {
    signal.addEventListener('abort', this.#onAbort);
    pace.open();
  }

  /** The size of what has arrived and was not read. */
  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  /** Resolves with the head. @throws the failure of the connection, or an error after an abort. */
  head(): Promise<AnswerHead> {
    return this.#head.promise;
  }

  /** Resolves with the chunks that have arrived; none at the end of the body. @throws the failure of the connection. */
  async next(): Promise<readonly Uint8Array[]> {
    while (this.#chunks.length === 0) {
      if (this.#end?.failure) throw this.#end.failure;
      if (this.#end) return [];
      await new Promise<void>((resolve) => (this.#resume = resolve));
    }
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#bufferedBytes = 0;
    if (this.#controller?.paused === true) this.#controller.resume();
    return chunks;
  }

  /** Resolves with the rest of the body. @throws the failure of the connection. */
  async rest(): Promise<Uint8Array[]> {
    const rest: Uint8Array[] = [];
    for (let chunks = await this.next(); chunks.length > 0; chunks = await this.next()) rest.push(...chunks);
    return rest;
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

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): void {
    // They would stay as long as the stream, with 2.5 KB; `headers` has all of them.
    controller.rawHeaders = null;
    // Others announce that an answer follows.
    if (status >= 200) this.#head.resolve({ status, headers });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.#end) return;
    this.#chunks.push(chunk);
    this.#bufferedBytes += chunk.length;
    if (this.#bufferedBytes >= MAX_BUFFERED_BYTES) {
      controller.pause();
      this.#wake();
    } else if (this.#promptChunks > 0) {
      this.#promptChunks--;
      this.#wake();
    } else if (!this.pace.isBusy()) {
      this.#wake();
    } else if (!this.#isWaking) {
      this.#isWaking = true;
      this.pace.wakeLater(this.#onTurn);
    }
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
    this.pace.close();
    if (failure) this.#head.reject(failure);
    this.#wake();
  }

  #wake(): void {
    this.#resume?.();
    this.#resume = undefined;
  }
}
