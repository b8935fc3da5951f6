import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ReplicaHeartbeat } from '../runs/recovery/replica.heartbeat.js';
import { AgentHealth } from './agent.health.js';
import { TasksRepository } from '../tasks/tasks.repository.js';
import { WebhooksRepository } from '../tasks/webhooks/webhooks.repository.js';
import { AgentMetrics } from '../telemetry/agent.metrics.js';
import { METRIC } from '../telemetry/semantic.names.js';

const BREAKER = { closed: 0, 'half-open': 1, open: 2 } as const;

/** Registers the gauges that are read when metrics are collected. */
@Injectable()
export class AgentGauges implements OnModuleInit {
  constructor(
    private readonly metrics: AgentMetrics,
    private readonly health: AgentHealth,
    private readonly tasks: TasksRepository,
    private readonly webhooks: WebhooksRepository,
    private readonly heartbeat: ReplicaHeartbeat,
  ) {}

  onModuleInit(): void {
    const { metrics } = this;
    metrics.observe(METRIC.tasksQueued, 'Tasks waiting for a worker, in all processes', [], async () => {
      return [{ labels: {}, value: (await this.tasks.backlog()).queued }];
    });
    metrics.observe(
      METRIC.oldestTask,
      'Seconds since the oldest queued task was submitted; 0 if the queue is empty',
      [],
      async () => {
        const { oldestAt } = await this.tasks.backlog();
        return [{ labels: {}, value: oldestAt === undefined ? 0 : Math.max(0, Date.now() - oldestAt) / 1000 }];
      },
    );
    metrics.observe(METRIC.webhooks, 'Webhooks waiting for delivery, in all processes', [], async () => {
      return [{ labels: {}, value: await this.webhooks.count() }];
    });
    metrics.observe(METRIC.replicas, 'Live processes that share the database', [], async () => {
      return [{ labels: {}, value: await this.heartbeat.countAlive() }];
    });
    const states = 'Circuit breaker state per upstream and model (0 closed, 1 half-open, 2 open)';
    metrics.observe(METRIC.breaker, states, ['upstream', 'model'], async () => {
      const breakers = this.health.breakers();
      return breakers.map(({ upstream, model, state }) => ({ labels: { upstream, model }, value: BREAKER[state] }));
    });
  }
}
