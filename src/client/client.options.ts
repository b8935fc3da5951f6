/** A secret, or a function that returns it for each request. */
export type Secret = string | (() => string | Promise<string>);

/** The address of the service, credentials, timeouts and retries. */
export interface RookeryClientOptions {
  /** The URL of the service without `/api`, such as `https://agents.example.com`. */
  readonly baseUrl: string;
  /** An API key (`rk_…`). */
  readonly apiKey?: Secret | undefined;
  /** A bearer token, as the alternative to an API key. */
  readonly token?: Secret | undefined;
  /** The end user on whose behalf the owner of the API key calls. */
  readonly endUser?: string | undefined;
  /** Replaces the platform's `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** Time limit in milliseconds of a call with all retries, and of a stream until its first event. Default: 60,000. */
  readonly timeoutMs?: number | undefined;
  /** Maximum retries of a call, and maximum reconnects of a stream without a new event. Default: 3. */
  readonly maxRetries?: number | undefined;
  /** Ends all calls and streams. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of every call. */
export interface CallOptions {
  /** Ends the call. */
  readonly signal?: AbortSignal | undefined;
  /** Sent as `X-Request-Id`. */
  readonly requestId?: string | undefined;
}

/** Options of a call that starts a run. */
export interface StartOptions extends CallOptions {
  /** Default: a new key for each call, shared by its retries. Set your own to repeat a call after a restart. */
  readonly idempotencyKey?: string | undefined;
}

/** Options of a call that reads or changes the data of a tenant. */
export interface TenantOptions extends CallOptions {
  /** For operators: a tenant other than their own. */
  readonly tenant?: string | undefined;
}

/** Options of a list, whose pages are fetched on demand. */
export interface ListOptions extends TenantOptions {
  /** Items per page, 1 to 100. */
  readonly pageSize?: number | undefined;
}

/** Options of a stream that starts after an event. */
export interface FollowOptions extends TenantOptions {
  /** The sequence of the last received event. Default: 0, from the start. */
  readonly after?: number | undefined;
}
