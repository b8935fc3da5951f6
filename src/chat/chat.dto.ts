import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { IsNumber, IsString, Length, Max, Min } from 'class-validator';
import { ApiCount, ApiName, ApiText, IsSessionId, IsText, Optional } from '../http/validation/schema.decorator.js';
import { DEFAULT_ROLE, DEFAULT_TEMPERATURE, type RunRequest, type RunResponse } from '../runs/events/run.events.js';

/** A request to an agent. */
@ApiSchema({ name: 'AgentRequest' })
export class AgentRequest implements RunRequest {
  /**
   * The message to the agent.
   * @example 'What does a rookery do?'
   */
  @IsString()
  @Length(1, 4000)
  @IsText()
  message: string;

  /**
   * The session to resume, or to start under this id. Default: a new session.
   * @example 'holiday-plans'
   */
  @Optional()
  @IsString()
  @IsSessionId()
  session_id?: string;

  /**
   * One of the offered roles.
   * @example 'assistant'
   */
  @Optional()
  @IsString()
  @Length(1, 64)
  agent_role?: string = DEFAULT_ROLE;

  /**
   * The sampling temperature of the model.
   * @example 0.7
   */
  @Optional()
  @IsNumber()
  @Min(0)
  @Max(2)
  @ApiProperty({ default: DEFAULT_TEMPERATURE })
  temperature?: number;
}

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
