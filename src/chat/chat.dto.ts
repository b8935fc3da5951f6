import { IsNumber, IsString, Length, Matches, Max, Min } from 'class-validator';
import { Optional } from '../http/optional.decorator.js';
import type { RunRequest, RunResponse } from '../runs/run.events.js';

/** What a caller asks of an agent. */
export class AgentRequest implements RunRequest {
  /**
   * What the agent is told.
   * @example 'What does a rookery do?'
   */
  @IsString()
  @Length(1, 4000)
  @Matches(/^[^\0\p{Surrogate}]*$/u, { message: 'message must not contain NUL or half a surrogate pair' })
  message: string;

  /**
   * Resumes that session, or starts it under that id; left out: a new one.
   * @example 'holiday-plans'
   */
  @Optional()
  @IsString()
  @Matches(/^(?!\.{1,2}$)[A-Za-z0-9._:-]{1,128}$/, {
    message: 'session_id must be 1–128 of A–Z a–z 0–9 . _ : - and neither "." nor ".."',
  })
  session_id?: string;

  /**
   * One of the offered roles.
   * @default assistant
   * @example 'assistant'
   */
  @Optional()
  @IsString()
  @Length(1, 64)
  agent_role?: string;

  /**
   * How freely the model chooses its words.
   * @default 0.7
   * @example 0.7
   */
  @Optional()
  @IsNumber()
  @Min(0)
  @Max(2)
  temperature?: number;
}

/** What a completed run answers. */
export class AgentResponse implements RunResponse {
  /** @example 'holiday-plans' */
  session_id: string;

  /** @example 'f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61' */
  run_id: string;

  /** @example 'It offers agents over REST.' */
  reply: string;

  /**
   * Input and output tokens of all model calls of the run.
   * @example 57
   */
  tokens_used: number;

  /**
   * The model that answered, as its provider names it; `offline` for the built-in one.
   * @example 'gpt-4o'
   */
  model: string;

  /** @example 812.4 */
  processing_time_ms: number;

  /** Present when the model's output limit cut the reply. */
  truncated?: true;
}
