import { isIPv6 } from 'node:net';
import { Injectable } from '@nestjs/common';
import { canonicalAddress } from '../auth/caller.address.js';
import { FailedAttempts } from '../auth/failed.attempts.js';
import { AgentError } from '../errors/agent.error.js';
import { AgentMetrics } from '../telemetry/agent.metrics.js';
import { WindowStorage } from './window.storage.js';

const WINDOW_MS = 60_000;
/** For all texts that are no address: else each new text would begin anew. */
const UNKNOWN = 'unknown';

/** So many failed authentications of an address in a minute; 0: any number. */
export abstract class FailureRules {
  abstract readonly authFailureLimit: number;
}

/**
 * Refuses failed authentications beyond a limit. Good credentials are never asked about, so that nobody is locked out
 * by a neighbour behind the same address.
 */
@Injectable()
export class FailureLimit extends FailedAttempts {
  constructor(
    private readonly rules: FailureRules,
    private readonly storage: WindowStorage,
    private readonly metrics: AgentMetrics,
  ) {
    super();
  }

  override async add(address: string): Promise<void> {
    const { authFailureLimit } = this.rules;
    if (authFailureLimit === 0) return;
    // No tenant has a space in its name, so that this is never a caller's window.
    const key = `failed authentication/${networkOf(address)}`;
    const { isBlocked, timeToBlockExpire } = await this.storage.increment(key, WINDOW_MS, authFailureLimit);
    if (!isBlocked) return;
    this.metrics.countRateLimited();
    throw new AgentError('rate_limited', {
      detail: `Too many failed authentications from this address. Try again in ${timeToBlockExpire} s.`,
      retryAfterSeconds: timeToBlockExpire,
    });
  }
}

/** One caller has a whole /64 of IPv6, and would else begin anew with each address in it. */
export function networkOf(address: string): string {
  const canonical = canonicalAddress(address) ?? UNKNOWN;
  if (!isIPv6(canonical)) return canonical;
  const [left = '', right] = canonical.split('::');
  const before = groupsOf(left);
  const after = groupsOf(right ?? '');
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  const groups = right === undefined ? before : [...before, ...zeros, ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}
