import { Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { inTenant } from '../../auth/principal.js';
import { ApiController, ApiErrors } from '../../http/api.decorator.js';
import { type Caller, CurrentCaller } from '../../http/caller.decorator.js';
import { TenantQuery } from '../../http/tenant.query.js';
import { WebhookDelivery, WebhookPage, WebhookPath, WebhooksQuery } from './webhooks.dto.js';
import { WebhooksService } from './webhooks.service.js';

/** The endpoints of webhooks. */
@ApiController('Tasks', 'tasks')
export class WebhooksController {
  constructor(private readonly webhooks: WebhooksService) {}

  /**
   * List webhooks
   * @remarks Newest first, with their tries. End users see the webhooks of their own tasks.
   */
  @ApiOperation({ operationId: 'webhooks_list' })
  @Get('webhooks')
  async list(@Query() query: WebhooksQuery, @CurrentCaller() { principal }: Caller): Promise<WebhookPage> {
    const { items, next_cursor } = await this.webhooks.list(inTenant(principal, query.tenant), query);
    return { items: items.map((row) => WebhookDelivery.from(row)), next_cursor };
  }

  /**
   * Send a webhook again
   * @remarks Posts the same body with the same `webhook-id` and a new signature, now. A `pending` webhook becomes due.
   */
  @ApiOperation({ operationId: 'webhooks_redeliver' })
  @Post('webhooks/:webhook_id/redeliver')
  @HttpCode(202)
  @ApiErrors('not_found')
  async redeliver(
    @Param() { webhook_id }: WebhookPath,
    @Query() { tenant }: TenantQuery,
    @CurrentCaller() { principal }: Caller,
  ): Promise<WebhookDelivery> {
    return WebhookDelivery.from(await this.webhooks.redeliver(webhook_id, inTenant(principal, tenant)));
  }
}
