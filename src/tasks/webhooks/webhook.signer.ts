import { hkdfSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Webhook } from 'standardwebhooks';
import { TasksModuleOptions } from '../tasks.options.js';
import type { WebhookRow } from './webhooks.repository.js';

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/** The parts of a webhook that are signed, and its owner. */
export type SignedWebhook = Pick<WebhookRow, 'run_id' | 'tenant' | 'session_id' | 'body'>;

/**
 * Signs webhooks according to Standard Webhooks. With several secrets, a post has a signature of each. A receiver that
 * knows only the secret of its tenant cannot sign for the receivers of others.
 */
@Injectable()
export class WebhookSigner {
  readonly #shared: readonly Webhook[];

  constructor(private readonly options: TasksModuleOptions) {
    this.#shared = options.webhookSecrets.map((secret) => new Webhook(secret));
  }

  /** Whether a secret is configured. */
  get isReady(): boolean {
    return this.#shared.length > 0;
  }

  /** The signatures of a post at that time, as the header has them; undefined without a secret. */
  sign(webhook: SignedWebhook, at: Date): string | undefined {
    if (!this.isReady) return undefined;
    return this.#signersOf(webhook)
      .map((signer) => signer.sign(webhook.run_id, at, webhook.body))
      .join(' ');
  }

  /** The secrets of a tenant, in the order of the configured ones from which they are derived. */
  secretsOf(tenant: string): readonly string[] {
    return this.options.webhookSecrets.map((secret) => {
      const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
      const derived = hkdfSync('sha256', key, '', `rookery webhooks of ${tenant}`, SECRET_BYTES);
      return PREFIX + Buffer.from(derived).toString('base64');
    });
  }

  /** The warnings of budgets go to the operator. They have no session, and no tenant may be able to sign them. */
  #signersOf({ tenant, session_id }: SignedWebhook): readonly Webhook[] {
    const { webhookSigning } = this.options;
    if (webhookSigning === 'shared' || session_id === '') return this.#shared;
    const own = this.secretsOf(tenant).map((secret) => new Webhook(secret));
    return webhookSigning === 'tenant' ? own : [...this.#shared, ...own];
  }
}
