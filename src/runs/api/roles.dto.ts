import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { ApiList, ApiName, ApiText } from '../../http/validation/schema.decorator.js';
import type { AgentDefinition } from '../../agents/agent.definition.js';

/** An agent that the service offers. */
@ApiSchema({ name: 'Role' })
export class Role {
  /** @example 'assistant' */
  @ApiName(64)
  role: string;

  /** @example 'Answers everyday questions.' */
  @ApiText(1000)
  description: string;

  /** @example 'gpt-4o' */
  @ApiName()
  model: string;

  /**
   * The names of its tools; those of an MCP server while it is connected.
   * @example []
   */
  @ApiProperty({ type: 'array', items: { type: 'string', maxLength: 64 }, maxItems: 1000 })
  tools: string[];

  static from({ role, description, tools }: AgentDefinition, model: string): Role {
    return { role, description, model, tools: tools.offered().map(({ name }) => name) };
  }
}

/** The agents that the service offers. */
@ApiSchema({ name: 'RoleList' })
export class RoleList {
  @ApiList(1000)
  items: Role[];
}
