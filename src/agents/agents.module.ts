import { type DynamicModule, Module } from '@nestjs/common';
import { DiscoveryModule, MetadataScanner } from '@nestjs/core';
import type { FeatureImports } from '../http/feature.imports.js';
import { AgentRegistry } from './agent.registry.js';
import { McpTools } from './mcp/mcp.tools.js';
import { CallerSchemas } from './schemas/caller.schemas.js';
import { ToolReader } from './tool.reader.js';

/** The agents among the providers of the application, and their tools. */
@Module({
  imports: [DiscoveryModule],
  providers: [MetadataScanner, ToolReader, McpTools, CallerSchemas, AgentRegistry],
  exports: [AgentRegistry, McpTools, CallerSchemas],
})
export class AgentsModule {
  static register({ imports }: FeatureImports): DynamicModule {
    return { module: AgentsModule, imports };
  }
}
