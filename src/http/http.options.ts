import type { ApiLifecycleOptions } from './api.lifecycle.js';

/** The limits of requests and tokens per window, for one caller and for a whole tenant. 0: no limit. */
export interface RateLimits {
  readonly requests: number;
  readonly windowSeconds: number;
  readonly tokens: number;
  readonly tenantRequests: number;
  readonly tenantTokens: number;
}

/** The options of the HTTP module. */
export abstract class HttpModuleOptions {
  abstract readonly rateLimits: RateLimits;
  /** Failed authentications per address and minute. 0: no limit. */
  abstract readonly authFailureLimit: number;
  /** Streams and sockets that a caller has open in this process. 0: no limit. */
  abstract readonly maxStreamsPerCaller: number;
  /** The time limit of a request, in milliseconds. Runs, streams, exports and erasures have none. */
  abstract readonly requestTimeoutMs: number;
  abstract readonly apiV1: ApiLifecycleOptions;
  /** Origins whose pages may connect by WebSocket, besides the application's own. */
  abstract readonly corsOrigins: readonly string[];
}
