import { Module } from '@nestjs/common';
import { AgentGauges } from './agent.gauges.js';
import { AgentHealth } from './agent.health.js';

/** Reports whether the agents of this process can take work, and how much waits. */
@Module({ providers: [AgentHealth, AgentGauges], exports: [AgentHealth] })
export class HealthModule {}
