import { Get, Param } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { actorOf } from '../../audit/audit.record.js';
import { AuditService } from '../../audit/audit.service.js';
import { AgentError } from '../../errors/agent.error.js';
import { ADMIN_PREFIX, ApiController, ApiErrors } from '../../http/api.decorator.js';
import { type Caller, CurrentCaller } from '../../http/caller.decorator.js';
import { TenantPath } from '../../http/tenant.query.js';
import { TasksModuleOptions } from '../tasks.options.js';
import { WebhookSigner } from './webhook.signer.js';
import { WebhookSecrets } from './webhooks.dto.js';

/** The operator's endpoint for the webhook secrets of a tenant. */
@ApiController('Keys', 'admin', ADMIN_PREFIX)
export class WebhookSecretsController {
  constructor(
    private readonly signer: WebhookSigner,
    private readonly audit: AuditService,
    private readonly options: TasksModuleOptions,
  ) {}

  /**
   * Read the webhook secrets of a tenant
   * @remarks For the receivers of this tenant. They cannot sign for the receivers of another one. The audit records
   * each call.
   */
  @ApiOperation({ operationId: 'webhook_secrets_get' })
  @Get('tenants/:tenant/webhook-secrets')
  @ApiErrors('not_found')
  async get(@Param() { tenant }: TenantPath, @CurrentCaller() { principal, ids }: Caller): Promise<WebhookSecrets> {
    if (!this.signer.isReady) throw new AgentError('not_found', { detail: 'No secret for webhooks is configured.' });
    const actor = actorOf({ ...principal, endUser: undefined }, ids);
    await this.audit.append({ action: 'webhook_secrets.read', tenant, actor, target: `tenant:${tenant}` });
    return { tenant, signing: this.options.webhookSigning, secrets: [...this.signer.secretsOf(tenant)] };
  }
}
