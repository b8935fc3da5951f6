import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { ApiList, ApiName } from '../http/validation/schema.decorator.js';

/** An agent, as a model. */
@ApiSchema({ name: 'Model' })
export class Model {
  /**
   * The role of the agent: the value of `model` in requests.
   * @example 'assistant'
   */
  @ApiName(64)
  id: string;

  @ApiProperty({ enum: ['model'] })
  object: 'model';

  /** Always 0: an agent has no date. */
  @ApiProperty({ type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER, example: 0 })
  created: number;

  /** @example 'rookery' */
  @ApiName()
  owned_by: string;

  static of(role: string): Model {
    return { id: role, object: 'model', created: 0, owned_by: 'rookery' };
  }
}

/** The agents that the caller may run. */
@ApiSchema({ name: 'ModelList' })
export class ModelList {
  @ApiProperty({ enum: ['list'] })
  object: 'list';

  @ApiList(1000)
  data: Model[];
}
