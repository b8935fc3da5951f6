import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { IsIn, IsInt, IsObject, IsString, Length, Max, Min } from 'class-validator';
import { ErrorResponse } from '../http/error-response.dto.js';
import { MAX_SEQUENCE } from '../http/streaming/last-event.decorator.js';
import { IsText, Optional } from '../http/validation/schema.decorator.js';
import { AgentRequest } from './agent-request.dto.js';
import { ApprovalDecision, RunState } from '../runs/api/runs.dto.js';

/** Runs an agent. Its events carry the id of this frame. */
@ApiSchema({ name: 'ChatFrame' })
export class ChatFrame {
  @IsIn(['chat'])
  type: 'chat';

  /**
   * Chosen by the client. Every answer to this frame carries it.
   * @example '1'
   */
  @IsString()
  @Length(1, 128)
  @IsText()
  id: string;

  /** Same as the body of `POST /chat/stream`. */
  @IsObject()
  request: AgentRequest;
}

/** Subscribes to the events of a run or task. */
@ApiSchema({ name: 'SubscribeFrame' })
export class SubscribeFrame {
  @IsIn(['subscribe'])
  type: 'subscribe';

  /** @example '2' */
  @IsString()
  @Length(1, 128)
  @IsText()
  id: string;

  /**
   * Send either this or `task_id`.
   * @example 'f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61'
   */
  @Optional()
  @IsString()
  @Length(1, 128)
  @IsText()
  run_id?: string;

  /** @example 'f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61' */
  @Optional()
  @IsString()
  @Length(1, 128)
  @IsText()
  task_id?: string;

  /**
   * The sequence of the last event that the client has. Default: send all events.
   * @example 3
   */
  @Optional()
  @IsInt()
  @Min(0)
  @Max(MAX_SEQUENCE)
  @ApiProperty({ type: 'integer', required: false })
  after?: number;
}

/** Cancels a run. */
@ApiSchema({ name: 'CancelFrame' })
export class CancelFrame {
  @IsIn(['cancel'])
  type: 'cancel';

  /** @example '3' */
  @IsString()
  @Length(1, 128)
  @IsText()
  id: string;

  /** @example 'f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61' */
  @IsString()
  @Length(1, 128)
  @IsText()
  run_id: string;
}

/** Approves or rejects a tool call. */
@ApiSchema({ name: 'ApproveFrame' })
export class ApproveFrame extends ApprovalDecision {
  @IsIn(['approve'])
  type: 'approve';

  /** @example '4' */
  @IsString()
  @Length(1, 128)
  @IsText()
  id: string;

  /** @example 'f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61' */
  @IsString()
  @Length(1, 128)
  @IsText()
  run_id: string;

  /** @example '01a20639-24c1-7000-8000-000000000000' */
  @IsString()
  @Length(1, 128)
  @IsText()
  approval_id: string;
}

/** A frame that a client may send. */
export type ClientFrame = ChatFrame | SubscribeFrame | CancelFrame | ApproveFrame;

/** Answers a frame that was refused or failed. The socket stays open. */
@ApiSchema({ name: 'ErrorFrame' })
export class ErrorFrame {
  type: 'error';

  /** Null if the frame has no readable id. */
  @ApiProperty({ type: 'string', nullable: true, maxLength: 128 })
  id: string | null;

  error: ErrorResponse;
}

/** Answers `cancel` and `approve`, and a `subscribe` to an ended run that has no more events. */
@ApiSchema({ name: 'RunStateFrame' })
export class RunStateFrame extends RunState {
  type: 'run.state';

  /** @example '3' */
  @ApiProperty({ minLength: 1, maxLength: 128 })
  id: string;
}
