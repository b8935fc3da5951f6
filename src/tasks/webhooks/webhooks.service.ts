import { Injectable } from '@nestjs/common';
import type { Owner } from '../../auth/principal.js';
import { AgentError, invalidField } from '../../errors/agent.error.js';
import { decodeCursor, encodeCursor } from '../../http/page.cursor.js';
import type { Page, PageRequest } from '../../http/page.dto.js';
import { pageOf } from '../../storage/row.page.js';
import { DeliveriesRepository, type DeliveryRow } from './deliveries.repository.js';
import { WebhookSender } from './webhook.sender.js';
import { WebhookSigner } from './webhook.signer.js';

/** Selects a page of webhooks. */
interface WebhookFilter extends PageRequest {
  readonly status?: DeliveryRow['status'] | undefined;
}

/** Shows the webhooks of a tenant with their tries, and sends them again. */
@Injectable()
export class WebhooksService {
  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly signer: WebhookSigner,
    private readonly sender: WebhookSender,
  ) {}

  /** Newest first. @throws AgentError `validation_failed` if the cursor is invalid. */
  async list({ tenant, endUser }: Owner, { limit, cursor, status }: WebhookFilter): Promise<Page<DeliveryRow>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    const rows = await this.deliveries.list({ tenant, endUser, status, limit: limit + 1, after });
    return pageOf(
      rows,
      limit,
      (row) => row,
      (row) => encodeCursor(row.created_at, row.run_id),
    );
  }

  /**
   * Makes a webhook due now, whatever its status.
   *
   * @throws AgentError `not_found`, or `validation_failed` if this process has no secret to sign it with.
   */
  async redeliver(webhookId: string, owner: Owner): Promise<DeliveryRow> {
    if (!this.signer.isReady) {
      throw invalidField('webhook_id', 'Webhooks are not configured: the service has no secret to sign them.');
    }
    const row = await this.deliveries.redeliver(webhookId, owner);
    if (!row) throw new AgentError('not_found', { detail: `Webhook "${webhookId}" does not exist.` });
    this.sender.poll();
    return row;
  }
}
