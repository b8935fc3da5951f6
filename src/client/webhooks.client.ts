import { isWebhook } from './answers.js';
import type { WebhookDelivery } from './api.names.js';
import { listCall, pathSegment, writeCall } from './calls.js';
import type { ListOptions, TenantOptions } from './client.options.js';
import type { Transport } from './transport.js';

const WEBHOOKS = '/api/v1/agent/webhooks';

/**
 * Shows the webhooks of tasks and sends them again. It is `webhooks` of a `RookeryClient`. An empty id throws a
 * `TypeError`.
 *
 * @example
 * for await (const { webhook_id, last_error } of client.webhooks.list({ status: 'given_up' })) {
 *   console.log(webhook_id, last_error);
 *   await client.webhooks.redeliver(webhook_id);
 * }
 */
export class WebhooksClient {
  constructor(private readonly transport: Transport) {}

  /**
   * All webhooks with their tries, newest first. Fetches each page on demand.
   *
   * @throws RookeryError
   *
   * @example
   * for await (const { url, attempts } of client.webhooks.list({ status: 'pending' })) console.log(url, attempts);
   */
  list({ status, ...options }: ListOptions & { readonly status?: WebhookDelivery['status'] } = {}): AsyncGenerator<
    WebhookDelivery,
    void
  > {
    return this.transport.pages(listCall(WEBHOOKS, options, { status }), isWebhook);
  }

  /**
   * Sends a webhook again, with the same body and `webhook-id`. A pending one becomes due now.
   *
   * @throws RookeryError `not_found`, or `validation_failed` if the service has no secret to sign it with.
   *
   * @example
   * const { status } = await client.webhooks.redeliver('f3b1c1de');
   */
  redeliver(webhookId: string, options: TenantOptions = {}): Promise<WebhookDelivery> {
    return this.transport.json(
      writeCall('POST', `${WEBHOOKS}/${pathSegment(webhookId)}/redeliver`, options),
      isWebhook,
    );
  }
}
