import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { networkOf } from '../../auth/caller.address.js';
import { authFailureOf } from '../../auth/auth.failure.js';
import { AuthThrottle } from '../../auth/auth.throttle.js';
import { AgentError } from '../../errors/agent.error.js';
import { AgentMetrics } from '../../telemetry/agent.metrics.js';
import { AuthFailureLog } from './auth-failure.log.js';
import { WindowStorage } from './window.storage.js';
import { HttpModuleOptions } from '../http.options.js';

const WINDOW_MS = 60_000;
/** Refused credentials to remember. */
const MAX_REFUSED = 10_000;

/**
 * Limits failed authentications per address. Valid credentials are never checked against the limit, so a neighbour
 * behind the same address cannot lock a caller out.
 */
@Injectable()
export class RateLimitedAuthThrottle extends AuthThrottle {
  /** When a refused credential may be verified again, by the monotonic clock. */
  readonly #refused = new Map<string, number>();

  constructor(
    private readonly options: HttpModuleOptions,
    private readonly storage: WindowStorage,
    private readonly metrics: AgentMetrics,
    private readonly failures: AuthFailureLog,
  ) {
    super();
  }

  override async add(address: string, failure?: AgentError, credential?: string): Promise<void> {
    const network = networkOf(address);
    if (isFailedAuthentication(failure)) this.failures.add(network, failure);
    const { authFailureLimit } = this.options;
    if (authFailureLimit === 0) return;
    // Tenant names contain no spaces, so this key never collides with a caller's window.
    const key = `failed authentication/${network}`;
    const { isBlocked, timeToBlockExpire } = await this.storage.increment(key, WINDOW_MS, authFailureLimit);
    if (!isBlocked) return;
    if (credential !== undefined) this.#remember(nameOf(address, credential), timeToBlockExpire);
    throw this.#refusal(timeToBlockExpire);
  }

  /** Each process remembers the credentials that it refused. */
  override refuseKnown(address: string, credentialOf: () => string | undefined): void {
    if (this.#refused.size === 0) return;
    const credential = credentialOf();
    const name = credential === undefined ? undefined : nameOf(address, credential);
    const secondsLeft = name === undefined ? 0 : Math.ceil(((this.#refused.get(name) ?? 0) - performance.now()) / 1000);
    if (secondsLeft > 0) throw this.#refusal(secondsLeft);
  }

  #remember(name: string, seconds: number): void {
    // The first ones are the oldest, and those expire first.
    this.#refused.delete(name);
    this.#refused.set(name, performance.now() + seconds * 1000);
    for (const [oldest, untilMs] of this.#refused) {
      if (this.#refused.size <= MAX_REFUSED && untilMs > performance.now()) break;
      this.#refused.delete(oldest);
    }
  }

  #refusal(seconds: number): AgentError {
    this.metrics.countRateLimited();
    return new AgentError('rate_limited', {
      detail: `Too many failed authentications from this address. Try again in ${seconds} s.`,
      retryAfterSeconds: seconds,
    });
  }
}

/** False if the credentials are valid: a header beside them is malformed, or they lack the scope of the route. */
function isFailedAuthentication(failure: AgentError | undefined): boolean {
  if (failure?.code === 'forbidden') return authFailureOf(failure).reason !== 'other';
  return failure?.code !== 'validation_failed';
}

/** Has the hash of the credential: a secret must not stay in memory. */
function nameOf(address: string, credential: string): string {
  return `${networkOf(address)} ${createHash('sha256').update(credential).digest('base64url')}`;
}
