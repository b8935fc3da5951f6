import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { IsNumber, IsString, Length, Max, Min } from 'class-validator';
import { FieldHints } from '../http/validation/field.hints.js';
import { IsSessionId, IsText, Optional } from '../http/validation/schema.decorator.js';
import { DEFAULT_ROLE, DEFAULT_TEMPERATURE, type RunRequest } from '../runs/events/run.events.js';

/** A request to an agent. */
@FieldHints({
  stream: 'leave it out, and send the request to /api/v1/agent/chat/stream',
  messages: 'send the new message as `message`; `session_id` resumes a conversation',
  input: 'version 1 calls it `message`',
})
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
