/** A secret, or a function that returns it for each request. */
export type Secret = string | (() => string | Promise<string>);

/**
 * The address of the service, credentials, timeouts and retries.
 *
 * @example
 * import { RookeryClient } from 'rookery/client';
 *
 * const client = new RookeryClient({
 *   baseUrl: 'https://agents.example.com',
 *   apiKey: 'rookery_…',
 *   endUser: 'ada',
 *   timeoutMs: 120_000,
 * });
 */
export interface RookeryClientOptions {
  /** The URL of the service without `/api`, such as `https://agents.example.com`. */
  readonly baseUrl: string;
  /** An API key (`rookery_…`). Sent as `X-API-Key`. Default: none. */
  readonly apiKey?: Secret | undefined;
  /** A bearer token, as the alternative to an API key. Sent as `Authorization`. Default: none. */
  readonly token?: Secret | undefined;
  /** The end user on whose behalf the owner of the API key calls. Sent as `X-End-User`. Default: none. */
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

/**
 * Options of every call.
 *
 * @example
 * const controller = new AbortController();
 * await client.roles({ signal: controller.signal, requestId: 'abc-123' });
 */
export interface CallOptions {
  /** Ends the call. It then throws the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
  /** Sent as `X-Request-Id`: 1–128 of A–Z a–z 0–9 . _ : -. Default: the service makes one. */
  readonly requestId?: string | undefined;
}

/**
 * Options of a call that starts a run.
 *
 * @example
 * await client.chat({ message: 'Refund order A-1001.' }, { idempotencyKey: 'refund-A-1001' });
 */
export interface StartOptions extends CallOptions {
  /**
   * Default: a new key for each call, shared by its retries. Set your own to repeat a call after a restart. The service
   * remembers it for 24 hours.
   */
  readonly idempotencyKey?: string | undefined;
}

/**
 * Options of a call that reads or changes the data of a tenant.
 *
 * @example
 * await client.sessions.get('holiday-plans', { tenant: 'acme' });
 */
export interface TenantOptions extends CallOptions {
  /** For operators: a tenant other than their own. */
  readonly tenant?: string | undefined;
}

/**
 * Options of a list, whose pages are fetched on demand.
 *
 * @example
 * for await (const { session_id } of client.sessions.list({ pageSize: 100 })) console.log(session_id);
 */
export interface ListOptions extends TenantOptions {
  /** Items per page, 1 to 100. Default: 20. */
  readonly pageSize?: number | undefined;
}

/**
 * Options of a stream that starts after an event.
 *
 * @example
 * for await (const { sequence, type } of client.runs.events('f3b1c1de', { after: 17 })) console.log(sequence, type);
 */
export interface FollowOptions extends TenantOptions {
  /** The sequence of the last received event. Default: 0, from the start. */
  readonly after?: number | undefined;
}
