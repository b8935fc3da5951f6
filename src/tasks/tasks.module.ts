import { type DynamicModule, Module } from '@nestjs/common';
import type { FeatureImports } from '../http/feature.imports.js';
import { sharedProvider } from '../storage/redis/shared.redis.js';
import { BullmqQueue } from './queue/bullmq.queue.js';
import { LocalQueue } from './queue/local.queue.js';
import { ClaimsRepository } from './claims/claims.repository.js';
import { ForeignTasks } from './claims/foreign.tasks.js';
import { TaskClaims } from './claims/task.claims.js';
import { SuspectsRepository } from './suspects.repository.js';
import { TaskQueue } from './queue/task.queue.js';
import { TaskRunner } from './task.runner.js';
import { TaskWorker } from './task.worker.js';
import { TasksController } from './tasks.controller.js';
import { TasksRepository } from './tasks.repository.js';
import { TasksService } from './tasks.service.js';
import { BudgetWebhooks } from './webhooks/budget.webhooks.js';
import { DeliveriesRepository } from './webhooks/deliveries.repository.js';
import { WebhookClient } from './webhooks/webhook.client.js';
import { WebhookSecretsController } from './webhooks/webhook-secrets.controller.js';
import { WebhookSigner } from './webhooks/webhook.signer.js';
import { WebhookSchedule } from './webhooks/webhook.schedule.js';
import { WebhookSender } from './webhooks/webhook.sender.js';
import { SystemResolver, WebhookResolver, WebhookTargets } from './webhooks/webhook.targets.js';
import { WebhookWriter } from './webhooks/webhook.writer.js';
import { WebhooksController } from './webhooks/webhooks.controller.js';
import { WebhooksRepository } from './webhooks/webhooks.repository.js';
import { WebhooksService } from './webhooks/webhooks.service.js';

/** Background runs, and the webhooks that report them. */
@Module({
  providers: [
    sharedProvider(
      TaskQueue,
      (connections) => BullmqQueue.open(connections),
      () => new LocalQueue(),
    ),
    TasksRepository,
    ClaimsRepository,
    ForeignTasks,
    TaskClaims,
    SuspectsRepository,
    TaskRunner,
    TaskWorker,
    TasksService,
    { provide: WebhookResolver, useClass: SystemResolver },
    WebhookSchedule,
    WebhookTargets,
    WebhookSigner,
    WebhookClient,
    WebhookSender,
    WebhookWriter,
    WebhooksRepository,
    DeliveriesRepository,
    WebhooksService,
    BudgetWebhooks,
  ],
  exports: [TaskWorker, TasksService, TasksRepository, WebhooksRepository],
})
export class TasksModule {
  /** @param features `admin`: whether the routes of operators are registered. */
  static register({ imports, http, admin }: FeatureImports & { readonly admin: boolean }): DynamicModule {
    const controllers = [
      ...(http ? [TasksController, WebhooksController] : []),
      ...(admin ? [WebhookSecretsController] : []),
    ];
    return { module: TasksModule, imports, controllers };
  }
}
