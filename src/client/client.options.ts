/** A secret, or where to get it anew for each request. */
export type Secret = string | (() => string | Promise<string>);

/** Where the service is, who calls it, and how patiently. */
export interface RookeryClientOptions {
  /** Without `/api`, as in `https://agents.example.com`. */
  readonly baseUrl: string;
  /** An API key (`rk_…`). */
  readonly apiKey?: Secret | undefined;
  /** A bearer token, instead of a key. */
  readonly token?: Secret | undefined;
  /** The end user that the key's owner asks for. */
  readonly endUser?: string | undefined;
  /** Instead of the platform's. */
  readonly fetch?: typeof fetch | undefined;
  /** How long a call may take with all its retries, and a stream until its first event. Default 60,000. */
  readonly timeoutMs?: number | undefined;
  /** How often a call is repeated, and a stream rejoined without a new event. Default 3. */
  readonly maxRetries?: number | undefined;
  /** Ends all calls and streams. */
  readonly signal?: AbortSignal | undefined;
}

/** What one call may want. */
export interface CallOptions {
  /** Ends the call. */
  readonly signal?: AbortSignal | undefined;
  /** Sent as `X-Request-Id`. */
  readonly requestId?: string | undefined;
}

/** A call that starts a run. */
export interface StartOptions extends CallOptions {
  /** Default: a new one for each call, kept by its retries. Give your own to repeat a call after a restart. */
  readonly idempotencyKey?: string | undefined;
}

/** A call about what belongs to a tenant. */
export interface TenantOptions extends CallOptions {
  /** Another tenant than the caller's, for operators. */
  readonly tenant?: string | undefined;
}

/** A list, of which the pages are fetched as they are wanted. */
export interface ListOptions extends TenantOptions {
  /** How many a page has, 1 to 100. */
  readonly pageSize?: number | undefined;
}

/** A stream that goes on after an event. */
export interface FollowOptions extends TenantOptions {
  /** The sequence of the last event that is known. Default 0: from the start. */
  readonly after?: number | undefined;
}
