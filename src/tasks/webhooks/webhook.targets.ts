import { lookup as lookUp } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Injectable } from '@nestjs/common';
import { within } from '../../async/within.js';
import { invalidField } from '../../errors/agent.error.js';
import { bareHost, isPublicAddress, isPublicHost } from '../../http/public.address.js';
import { TasksModuleOptions } from '../tasks.options.js';

const MAX_URL_LENGTH = 2048;
/** How long a submission waits for a DNS look-up. The delivery looks the name up again. */
const LOOKUP_TIMEOUT_MS = 2000;

/** Resolves a name to all its addresses. */
export abstract class WebhookResolver {
  abstract addresses(name: string): Promise<readonly LookupAddress[]>;
}

/** Resolves names as the operating system does. */
export class SystemResolver extends WebhookResolver {
  addresses(name: string): Promise<readonly LookupAddress[]> {
    return lookUp(name, { all: true });
  }
}

/** The target is not allowed for webhooks. */
export class TargetRefused extends Error {
  override readonly name = 'TargetRefused';
}

/** Checks the targets of webhooks: at submission, and again for each connection. */
@Injectable()
export class WebhookTargets {
  constructor(
    private readonly options: TasksModuleOptions,
    private readonly resolver: WebhookResolver,
  ) {}

  /**
   * Checks that a `webhook_url` may be posted to, as far as is known at submission.
   *
   * @throws AgentError `validation_failed`
   */
  async check(url: string): Promise<void> {
    if (this.options.webhookSecrets.length === 0) {
      throw invalidField('webhook_url', 'webhook_url is not available: no signing secret is configured');
    }
    try {
      const { hostname } = this.parse(url);
      if (this.options.allowPrivateWebhooks || isIP(bareHost(hostname)) !== 0) return;
      this.#checkAddresses(await this.#addressesInTime(hostname));
    } catch (failure) {
      if (failure instanceof TargetRefused) throw invalidField('webhook_url', `webhook_url ${failure.message}`);
      throw failure;
    }
  }

  /** @throws TargetRefused if the URL alone shows that it is not allowed. */
  parse(text: string): URL {
    const { allowPrivateWebhooks: allowPrivate } = this.options;
    const url = URL.canParse(text) && text.length <= MAX_URL_LENGTH ? new URL(text) : undefined;
    const isWeb = url?.protocol === 'https:' || (url?.protocol === 'http:' && allowPrivate);
    if (!url || !isWeb) throw new TargetRefused(`must be ${allowPrivate ? 'an http or https' : 'an https'} URL`);
    if (url.username !== '' || url.password !== '') throw new TargetRefused('must not contain credentials');
    if (!isPublicHost(url.hostname) && !allowPrivate) throw new TargetRefused('must not lead to a private address');
    return url;
  }

  /** For connections: they use the addresses that are checked here, so a later DNS answer cannot redirect them. */
  readonly lookup: LookupFunction = (hostname, { all }, done) => void this.#lookUp(hostname, all === true, done);

  async #lookUp(name: string, wantsAll: boolean, done: Parameters<LookupFunction>[2]): Promise<void> {
    let addresses: readonly LookupAddress[];
    try {
      addresses = await this.resolver.addresses(name);
      if (!this.options.allowPrivateWebhooks) this.#checkAddresses(addresses);
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
    // One private address is enough to refuse the name: the receiver has to correct its DNS.
    if (addresses.every(({ address }) => isPublicAddress(address))) return;
    throw new TargetRefused('must not lead to a private address');
  }

  /** Returns no addresses if the name does not resolve in time: it may resolve later. */
  async #addressesInTime(name: string): Promise<readonly LookupAddress[]> {
    return (await within(LOOKUP_TIMEOUT_MS, this.resolver.addresses(name)).catch(() => [])) ?? [];
  }
}
