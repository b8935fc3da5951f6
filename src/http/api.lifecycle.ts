import { API_V2_PREFIX } from './api.prefixes.js';

const V1 = 'api/v1/';

/**
 * The dates of deprecation and shutdown of version 1 of the API.
 *
 * @example
 * import { AgentModule } from 'rookery';
 *
 * AgentModule.forRoot({ apiV1: { deprecatedAt: new Date('2027-01-01'), sunsetAt: new Date('2027-07-01') } });
 */
export interface ApiLifecycleOptions {
  /** The date of the deprecation. Default: not deprecated. */
  readonly deprecatedAt?: Date | undefined;
  /** The date of the shutdown, not before `deprecatedAt`. Default: none. */
  readonly sunsetAt?: Date | undefined;
}

/**
 * The lifecycle headers of version 1: `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and `Link` to the successor.
 * Without dates, responses have none of these headers. `AgentModule` provides it with the dates of `apiV1`. Its routes
 * send the headers themselves.
 *
 * @example
 * import { ApiLifecycle, API_PREFIX } from 'rookery';
 *
 * const lifecycle = new ApiLifecycle({ sunsetAt: new Date('2027-07-01') });
 * lifecycle.headersFor(API_PREFIX); // [['Sunset', 'Thu, 01 Jul 2027 00:00:00 GMT'], ['Link', …]]
 */
export class ApiLifecycle {
  /** Whether version 1 has a date of deprecation. */
  readonly isV1Deprecated: boolean;
  readonly #headers: readonly (readonly [string, string])[];

  constructor({ deprecatedAt, sunsetAt }: ApiLifecycleOptions) {
    this.isV1Deprecated = deprecatedAt !== undefined;
    this.#headers = [
      ...(deprecatedAt ? [['Deprecation', `@${Math.floor(deprecatedAt.getTime() / 1000)}`] as const] : []),
      ...(sunsetAt ? [['Sunset', sunsetAt.toUTCString()] as const] : []),
      ...(deprecatedAt || sunsetAt ? [['Link', `</${API_V2_PREFIX}/chat>; rel="successor-version"`] as const] : []),
    ];
  }

  /**
   * Returns the lifecycle headers, as names and values, for a controller path. Empty for another path than of version
   * 1.
   */
  headersFor(path: string): readonly (readonly [string, string])[] {
    return path.replace(/^\//, '').toLowerCase().startsWith(V1) ? this.#headers : [];
  }
}
