import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { ApiCount, ApiName, ApiText } from '../../http/validation/schema.decorator.js';
import type { RunResponse } from '../events/run.events.js';

/** The answer of a completed run. */
@ApiSchema({ name: 'AgentResponse' })
export class AgentResponse implements RunResponse {
  /** @example 'holiday-plans' */
  @ApiName()
  session_id: string;

  /** @example 'f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61' */
  @ApiName()
  run_id: string;

  /** @example 'It offers agents over REST.' */
  @ApiText()
  reply: string;

  /**
   * Input and output tokens of all model calls of the run.
   * @example 57
   */
  @ApiCount()
  tokens_used: number;

  /**
   * The model that answered, as its provider names it; `offline` for the built-in model.
   * @example 'gpt-4o'
   */
  @ApiName()
  model: string;

  /** @example 812.4 */
  @ApiProperty({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
  processing_time_ms: number;

  /** Present if the model's output limit truncated the reply. */
  truncated?: true;
}
