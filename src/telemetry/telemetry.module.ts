import { Module } from '@nestjs/common';
import { AgentMetrics } from './agent.metrics.js';

/** Metrics. */
@Module({ providers: [AgentMetrics], exports: [AgentMetrics] })
export class TelemetryModule {}
