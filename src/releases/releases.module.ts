import { type DynamicModule, Module } from '@nestjs/common';
import { AgentRegistry } from '../agents/agent.registry.js';
import { AgentsModuleOptions } from '../agents/agents.options.js';
import type { FeatureImports } from '../http/feature.imports.js';
import { ReleasesController } from './releases.controller.js';
import { ReleasableAgents } from './release.js';
import { Releases } from './releases.js';

/** Versions of the agents, and the flags that choose among them. */
@Module({
  providers: [
    {
      provide: ReleasableAgents,
      inject: [AgentRegistry, AgentsModuleOptions],
      useFactory: (agents: AgentRegistry, { modelNames }: AgentsModuleOptions): ReleasableAgents => ({
        get roles() {
          return agents.list().map(({ role }) => role);
        },
        modelNames,
      }),
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
