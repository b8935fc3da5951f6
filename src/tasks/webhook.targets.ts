import { lookup as lookUp } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { invalidField } from '../errors/agent.error.js';
import { bareHost, isPublicAddress, isPublicHost } from '../http/public.address.js';

const MAX_URL_LENGTH = 2048;
/** The longest that a submission waits for a name; at delivery it is looked up again. */
const LOOKUP_LIMIT_MS = 2000;

/** What the operator allows. */
export abstract class WebhookRules {
  abstract readonly webhooks: { readonly secret: string | undefined; readonly allowPrivate: boolean };
}

/** Gives all addresses of a name. */
export abstract class WebhookResolver {
  abstract addresses(name: string): Promise<readonly LookupAddress[]>;
}

/** As the machine resolves them. */
export class SystemResolver extends WebhookResolver {
  addresses(name: string): Promise<readonly LookupAddress[]> {
    return lookUp(name, { all: true });
  }
}

/** The target is none that a webhook may have. */
export class TargetRefused extends Error {
  override readonly name = 'TargetRefused';
}

/** Which targets webhooks may have: asked when one is submitted, and again for each connection. */
@Injectable()
export class WebhookTargets {
  constructor(
    private readonly rules: WebhookRules,
    private readonly resolver: WebhookResolver,
  ) {}

  /**
   * Lets a `webhook_url` pass that may be posted to, as far as can be told now.
   *
   * @throws AgentError `validation_failed`
   */
  async check(url: string): Promise<void> {
    if (this.rules.webhooks.secret === undefined) {
      throw invalidField('webhook_url', 'webhook_url is not offered here: there is no secret to sign with');
    }
    try {
      const { hostname } = this.parse(url);
      if (this.rules.webhooks.allowPrivate || isIP(bareHost(hostname)) !== 0) return;
      this.#checkAddresses(await this.#addressesInTime(hostname));
    } catch (failure) {
      if (failure instanceof TargetRefused) throw invalidField('webhook_url', `webhook_url ${failure.message}`);
      throw failure;
    }
  }

  /** @throws TargetRefused where the url itself tells that it is no target. */
  parse(text: string): URL {
    const { allowPrivate } = this.rules.webhooks;
    const url = URL.canParse(text) && text.length <= MAX_URL_LENGTH ? new URL(text) : undefined;
    const isWeb = url?.protocol === 'https:' || (url?.protocol === 'http:' && allowPrivate);
    if (!url || !isWeb) throw new TargetRefused(`must be ${allowPrivate ? 'an http or https' : 'an https'} URL`);
    if (url.username !== '' || url.password !== '') throw new TargetRefused('must not have credentials in it');
    if (!isPublicHost(url.hostname) && !allowPrivate) throw new TargetRefused('must not lead to a private address');
    return url;
  }

  /** For connections: what it resolves to is what is connected to, so that no later answer can lead elsewhere. */
  readonly lookup: LookupFunction = (hostname, { all }, done) => void this.#lookUp(hostname, all === true, done);

  async #lookUp(name: string, wantsAll: boolean, done: Parameters<LookupFunction>[2]): Promise<void> {
    let addresses: readonly LookupAddress[];
    try {
      addresses = await this.resolver.addresses(name);
      if (!this.rules.webhooks.allowPrivate) this.#checkAddresses(addresses);
    } catch (failure) {
      done(failure instanceof Error ? failure : new Error('The name cannot be resolved.'), '');
      return;
    }
    const [first] = addresses;
    if (!first) done(new Error('The name has no address.'), '');
    else if (wantsAll) done(null, [...addresses]);
    else done(null, first.address, first.family);
  }

  #checkAddresses(addresses: readonly LookupAddress[]): void {
    // One is enough: the receiver's DNS is to be put in order, not guessed at.
    if (addresses.every(({ address }) => isPublicAddress(address))) return;
    throw new TargetRefused('must not lead to a private address');
  }

  /** None where the name does not resolve now: it may later. */
  async #addressesInTime(name: string): Promise<readonly LookupAddress[]> {
    const limit = new AbortController();
    const found = this.resolver.addresses(name).catch(() => []);
    const late = sleep(LOOKUP_LIMIT_MS, [], { signal: limit.signal }).catch(() => []);
    try {
      return await Promise.race([found, late]);
    } finally {
      limit.abort();
    }
  }
}
