import { type Check, paged } from './answers.js';
import type { CallOptions, RookeryClientOptions, Secret } from './client.options.js';
import { linesOf, parsed } from './lines.js';
import { pause } from './pause.js';
import { errorOf, reasonOf, RookeryError } from './rookery.error.js';

/** One call, including its retries. */
export interface Call extends CallOptions {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>> | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
  /** True if repeating the call changes nothing more. */
  readonly isRepeatable?: boolean | undefined;
  /** A further status whose response is not an error. */
  readonly alsoOk?: number | undefined;
}

const TIMEOUT_MS = 60_000;
const MAX_RETRIES = 3;
const FIRST_DELAY_MS = 250;

/** Sends calls, and retries them if that is safe. */
export class Transport {
  readonly maxRetries: number;
  readonly #base: string;
  readonly #options: RookeryClientOptions;

  constructor(options: RookeryClientOptions) {
    this.#options = options;
    this.#base = withoutLastSlashes(new URL(options.baseUrl).href);
    this.maxRetries = options.maxRetries ?? MAX_RETRIES;
  }

  /** Returns the JSON body of a successful response. @throws RookeryError `unexpected_answer` if the check fails. */
  async json<T>(call: Call, isExpected: Check<T>): Promise<T> {
    return this.send(call, async (response) => {
      const body: unknown = JSON.parse(await response.text());
      if (isExpected(body)) return body;
      throw unexpected(response);
    });
  }

  /** Yields all items of a list. Fetches each page on demand. */
  async *pages<T>(call: Call, isItem: Check<T>): AsyncGenerator<T, void, undefined> {
    const isPage = paged(isItem);
    let cursor: string | undefined;
    do {
      const page = await this.json({ ...call, query: { ...call.query, cursor } }, isPage);
      yield* page.items;
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
  }

  /** Yields the objects of a response with one JSON object a line. @throws RookeryError if a line is not expected. */
  async *lines<T>(call: Call, isExpected: Check<T>): AsyncGenerator<T, void, undefined> {
    // The time limit of a call does not cover the body of an export.
    const response = await this.send({ ...call, headers: { Accept: 'application/x-ndjson' } }, (answer) => answer);
    if (response.body === null) return;
    for await (const line of linesOf(response.body, this.signalOf(call.signal))) {
      const object: unknown = parsed(line);
      if (isExpected(object)) yield object;
      else throw unexpected(response);
    }
  }

  /** Returns a signal that aborts with the client or with any of these signals. */
  signalOf(...signals: (AbortSignal | undefined)[]): AbortSignal {
    return AbortSignal.any([this.#options.signal, ...signals].filter((signal) => signal !== undefined));
  }

  /** Sends the call until a successful response is read, retries are used up or the time limit is reached. */
  async send<T>(call: Call, read: (response: Response) => T | Promise<T>): Promise<T> {
    const timeoutMs = this.#options.timeoutMs ?? TIMEOUT_MS;
    const deadline = Date.now() + timeoutMs;
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), timeoutMs);
    const signal = this.signalOf(call.signal, timeout.signal);
    try {
      for (let tries = 0; ; tries += 1) {
        try {
          return await this.#try(call, signal, read);
        } catch (failure) {
          const waitMs = this.#waitBeforeRetry(call, failure, tries);
          if (waitMs === undefined || Date.now() + waitMs >= deadline) throw failure;
          await pause(waitMs, signal);
        }
      }
    } catch (failure) {
      if (!timeout.signal.aborted || signal.reason !== timeout.signal.reason) throw failure;
      const detail = `No answer within ${timeoutMs} ms.`;
      throw new RookeryError({ status: 0, code: 'timeout', detail }, { cause: failure });
    } finally {
      clearTimeout(timer);
    }
  }

  async #try<T>(call: Call, signal: AbortSignal, read: (response: Response) => T | Promise<T>): Promise<T> {
    const headers = await this.#headersOf(call);
    const body = call.body === undefined ? {} : { body: JSON.stringify(call.body) };
    // Called as a method of the options, `fetch` would have a `this` that browsers reject.
    const send = this.#options.fetch ?? fetch;
    let response: Response | undefined;
    try {
      response = await send(this.#urlOf(call), { method: call.method, headers, signal, ...body });
      if (response.ok || response.status === call.alsoOk) return await read(response);
    } catch (failure) {
      signal.throwIfAborted();
      if (failure instanceof RookeryError) throw failure;
      if (failure instanceof SyntaxError) {
        const [status, detail] = [response?.status ?? 0, failure.message];
        throw new RookeryError({ status, code: 'unexpected_answer', detail }, { cause: failure });
      }
      const detail = `No answer from ${this.#base}: ${reasonOf(failure)}.`;
      throw new RookeryError({ status: 0, code: 'network_error', detail }, { cause: failure });
    }
    throw await errorOf(response);
  }

  #urlOf({ path, query = {} }: Call): string {
    const url = new URL(this.#base + path);
    url.search = new URLSearchParams(given(query)).toString();
    return url.href;
  }

  async #headersOf({ headers = {}, body, requestId }: Call): Promise<Headers> {
    const { apiKey, token, endUser } = this.#options;
    const key = await secretOf(apiKey);
    const bearer = await secretOf(token);
    const all = {
      'Content-Type': body === undefined ? undefined : 'application/json',
      'X-API-Key': key,
      Authorization: bearer === undefined ? undefined : `Bearer ${bearer}`,
      'X-End-User': endUser,
      'X-Request-Id': requestId,
      ...headers,
    };
    const present = given(all);
    try {
      return new Headers(present);
    } catch {
      // The error has the header, which may be the secret.
      throw new TypeError('A key, a token or another header has characters that cannot be sent.');
    }
  }

  /** Returns undefined if a retry is useless, or might repeat a change. */
  #waitBeforeRetry(call: Call, failure: unknown, tries: number): number | undefined {
    if (!(failure instanceof RookeryError)) return undefined;
    const pauseMs = failure.retryAfterMs === undefined ? retryDelayMs(tries) : withJitter(failure.retryAfterMs);
    // An earlier attempt of this call is still running: wait for its answer.
    if (failure.code === 'idempotency_key_in_use' && tries > 0) return Math.max(pauseMs, FIRST_DELAY_MS);
    if (tries >= this.maxRetries) return undefined;
    // The service may have executed the call.
    const isUnknown = failure.isNetworkError || failure.code === 'storage_unavailable';
    if (isUnknown) return call.isRepeatable === true ? pauseMs : undefined;
    return failure.status === 429 || failure.status === 503 ? pauseMs : undefined;
  }
}

function unexpected({ status }: Response): RookeryError {
  const detail = 'The service answered with JSON of another form.';
  return new RookeryError({ status, code: 'unexpected_answer', detail });
}

/** Exponential backoff with jitter: clients that failed together do not retry together. */
export function retryDelayMs(tries: number): number {
  return FIRST_DELAY_MS * 2 ** Math.min(tries, 5) * (0.5 + Math.random() / 2);
}

/** The requested wait or up to a quarter longer: many clients may get the same `Retry-After`. */
function withJitter(ms: number): number {
  return ms * (1 + Math.random() / 4);
}

/** Linear in the length: an expression that ends in `/+$` is not. */
function withoutLastSlashes(url: string): string {
  let end = url.length;
  while (url[end - 1] === '/') end -= 1;
  return url.slice(0, end);
}

/** The fields that have a value. */
function given(fields: NonNullable<Call['query']>): [string, string][] {
  return Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
}

async function secretOf(secret: Secret | undefined): Promise<string | undefined> {
  return typeof secret === 'function' ? secret() : secret;
}
