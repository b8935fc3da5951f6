import { type DynamicModule, Module } from '@nestjs/common';
import { AgentRegistry } from '../agents/agent.registry.js';
import type { FeatureImports } from '../http/feature.imports.js';
import { ReleasesController } from './releases.controller.js';
import { ReleasableRoles, Releases } from './releases.js';

/** Versions of the agents, and the flags that choose among them. */
@Module({
  providers: [
    {
      provide: ReleasableRoles,
      inject: [AgentRegistry],
      useFactory: (agents: AgentRegistry): ReleasableRoles => ({ list: () => agents.list().map(({ role }) => role) }),
    },
    Releases,
  ],
  exports: [Releases],
})
export class ReleasesModule {
  static register({ imports, http }: FeatureImports): DynamicModule {
    return { module: ReleasesModule, imports, controllers: http ? [ReleasesController] : [] };
  }
}
