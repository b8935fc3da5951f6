import type { EndUserRule } from '../auth/key.rules.js';
import type { Scope } from '../auth/scopes.js';

/** The limits of a key. */
export interface KeyLimits {
  /** A time in the future. Default: as the options `keyTtlDays` and `keyMaxDays` say, or never. */
  readonly expiresAt?: Date | undefined;
  /** 1–1 000 000. Default: the limit of `rateLimit`. */
  readonly requestsPerMinute?: number | undefined;
  /** Input and output tokens in a calendar month, UTC, at least 1. Default: no limit. */
  readonly tokensPerMonth?: number | undefined;
  /** US dollars in a calendar month, UTC: 0.01–1 000 000. Default: no limit. */
  readonly costPerMonth?: number | undefined;
  /** Whether each call must name an end user. Default: as the option `requireEndUser` says. */
  readonly endUser?: EndUserRule | undefined;
  /** The roles of the agents that the key may run, 1–100. Default: all. */
  readonly agentRoles?: readonly string[] | undefined;
  /** The models whose agents the key may run, by the names that agents and releases use, 1–100. Default: all. */
  readonly models?: readonly string[] | undefined;
  /** The networks of callers, 1–100 addresses or ranges such as `203.0.113.0/24`. Default: any address. */
  readonly ipRanges?: readonly string[] | undefined;
}

/** The properties of a new key. */
export interface NewApiKey extends KeyLimits {
  /** A label for people, such as the owner or the purpose: 1–128 characters. */
  readonly name: string;
  /** The tenant that the key acts for: 1–128 of A–Z a–z 0–9 . _ : - */
  readonly tenant: string;
  /** One or more permissions. */
  readonly scopes: readonly Scope[];
}

/** Changes of a key. Left out: the property stays; null: the key has no such limit any more. */
export type KeyChanges = { readonly [K in keyof KeyLimits]: KeyLimits[K] | null } & {
  /** A label for people: 1–128 characters. */
  readonly name?: string | undefined;
  /** One or more permissions. */
  readonly scopes?: readonly Scope[] | undefined;
};
