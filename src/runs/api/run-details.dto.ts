import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { IsIn, IsString, Length } from 'class-validator';
import { ErrorResponse } from '../../http/error-response.dto.js';
import { type Page, PageQuery } from '../../http/page.dto.js';
import {
  ApiCount,
  ApiList,
  ApiName,
  ApiText,
  ApiTime,
  IsInstant,
  IsSessionId,
  IsText,
  Optional,
} from '../../http/validation/schema.decorator.js';
import type { RunToolCall, RunTurn } from '../journal/run.timeline.js';
import type { RunDetails, RunSummary } from '../reading/run.details.js';
import type { RunFilter } from '../reading/runs.service.js';
import { AgentResponse } from './agent-response.dto.js';
import { ChatUsage } from './chat-response.dto.js';
import { PendingApprovalDto, RUN_STATUSES } from './runs.dto.js';

const RUN_KINDS = ['chat', 'stream', 'task'] as const;
/** The most calls of a run: 50 turns with 32 calls. */
const MAX_CALLS = 1600;
const TIME = { format: 'date-time', maxLength: 24, required: false, example: '2026-01-02T03:04:05.700Z' } as const;

/** Filters the runs. */
export class RunsQuery extends PageQuery implements RunFilter {
  /** Only runs with this status. */
  @Optional()
  @IsIn(RUN_STATUSES)
  @ApiProperty({ enum: RUN_STATUSES, required: false })
  status?: (typeof RUN_STATUSES)[number];

  /** Only runs of this entry point. */
  @Optional()
  @IsIn(RUN_KINDS)
  @ApiProperty({ enum: RUN_KINDS, required: false })
  kind?: (typeof RUN_KINDS)[number];

  /**
   * Only runs that began with this agent.
   * @example 'assistant'
   */
  @Optional()
  @IsString()
  @Length(1, 64)
  @IsText()
  agent_role?: string;

  /**
   * Only runs of this session.
   * @example 'holiday-plans'
   */
  @Optional()
  @IsSessionId()
  session_id?: string;

  /**
   * Only runs created at this time or later.
   * @example '2026-01-02T03:04:05Z'
   */
  @Optional()
  @IsInstant()
  from?: string;

  /**
   * Only runs created before this time.
   * @example '2026-01-03T00:00:00+01:00'
   */
  @Optional()
  @IsInstant()
  to?: string;
}

/** A run in a list. */
@ApiSchema({ name: 'RunSummary' })
export class RunSummaryDto implements RunSummary {
  /**
   * The id of a task is also that of its run.
   * @example 'f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61'
   */
  @ApiName()
  run_id: string;

  /** The last three are final. */
  @ApiProperty({ enum: RUN_STATUSES, example: 'completed' })
  status: (typeof RUN_STATUSES)[number];

  /** The entry point that started the run. */
  @ApiProperty({ enum: RUN_KINDS, example: 'chat' })
  kind: (typeof RUN_KINDS)[number];

  /**
   * The agent that the run began with.
   * @example 'assistant'
   */
  @ApiName(64)
  agent_role: string;

  /** @example 'holiday-plans' */
  @ApiName()
  session_id: string;

  /**
   * The end user that it runs for. Left out if it runs for the tenant.
   * @example 'ada'
   */
  @ApiProperty({ minLength: 1, maxLength: 255, required: false })
  end_user?: string;

  /**
   * The model that answered. Before the answer: the model of the agent.
   * @example 'gpt-4o'
   */
  @ApiName(256)
  model: string;

  /**
   * The release of the agent; `code`: the agent as coded.
   * @example 'code'
   */
  @ApiProperty({ minLength: 1, maxLength: 128, required: false })
  release?: string;

  /** @example '2026-01-02T03:04:05.678Z' */
  @ApiTime()
  created_at: string;

  /** When a process first began the run. */
  @ApiProperty(TIME)
  started_at?: string;

  @ApiProperty(TIME)
  finished_at?: string;

  /**
   * Number of attempts so far. It exceeds one if a process died or a task waited for an approval.
   * @example 1
   */
  @ApiCount()
  attempt: number;

  /** Zero until the run has ended. */
  usage: ChatUsage;

  /**
   * On `failed` and `cancelled` only: the code of the error.
   * @example 'agent_timeout'
   */
  @ApiProperty({ minLength: 1, maxLength: 64, required: false })
  error_code?: string;
}

/** The time of a model call. */
@ApiSchema({ name: 'RunTurn' })
export class RunTurnDto implements RunTurn {
  /**
   * Its place in the run: `2` is the second turn, `2.0/1` the first turn of an agent that call `2.0` asked.
   * @example '1'
   */
  @ApiText(512)
  step: string;

  /** @example 'gpt-4o' */
  @ApiText(256)
  model: string;

  @ApiProperty(TIME)
  started_at?: string | undefined;

  /** Left out while the model answers, and if the run ended meanwhile. */
  @ApiProperty(TIME)
  finished_at?: string | undefined;

  /** @example 40 */
  @ApiCount()
  input_tokens: number;

  /** @example 17 */
  @ApiCount()
  output_tokens: number;
}

/** The time of a tool call. */
@ApiSchema({ name: 'RunToolCall' })
export class RunToolCallDto implements RunToolCall {
  /**
   * Its place in the run: `2.0` is the first call of turn `2`.
   * @example '1.0'
   */
  @ApiText(512)
  step: string;

  /** @example 'calculate' */
  @ApiText(64)
  tool: string;

  /** @example 'call_1' */
  @ApiText(128)
  call_id: string;

  /** Left out if the tool was not called: the call was refused, or it waits for an approval. */
  @ApiProperty(TIME)
  started_at?: string | undefined;

  /** Left out while the tool runs, and if the run ended meanwhile. */
  @ApiProperty(TIME)
  finished_at?: string | undefined;

  /**
   * True if the call failed or was refused.
   * @example false
   */
  is_error: boolean;

  /**
   * How often the tool was called. It exceeds one if a process died during the call.
   * @example 1
   */
  @ApiCount()
  tries: number;
}

/** A run with the times of its turns and tool calls. */
@ApiSchema({ name: 'RunDetails' })
export class RunDetailsDto extends RunSummaryDto implements Omit<RunDetails, 'waits'> {
  /** The model calls, in order. Those of a chat or stream are known once it has ended. */
  @ApiProperty({ type: [RunTurnDto], maxItems: 50 })
  turns: RunTurnDto[];

  /** The tool calls, in the order in which the model requested them. */
  @ApiProperty({ type: [RunToolCallDto], maxItems: MAX_CALLS })
  tool_calls: RunToolCallDto[];

  /** The tool calls that wait for approval. */
  @ApiProperty({ type: [PendingApprovalDto], maxItems: 100, required: false })
  pending_approvals?: PendingApprovalDto[];

  /** On `completed` only: the answer. A chat without an `Idempotency-Key` stores none. */
  result?: AgentResponse;

  /** On `failed` and `cancelled` only. */
  error?: ErrorResponse;

  static from(details: RunDetails): RunDetailsDto {
    const { waits: _, ...rest } = answerOf(details);
    return { ...rest, turns: rest.turns.map(({ cost: _cost, ...turn }) => turn) };
  }
}

/** The answer of version 2. That of version 1 has fewer fields. */
export function answerOf({ turns, tool_calls, waits, pending_approvals, error, ...rest }: RunDetails) {
  return {
    ...rest,
    turns: [...turns],
    tool_calls: [...tool_calls],
    waits: [...waits],
    ...(pending_approvals ? { pending_approvals: [...pending_approvals] } : {}),
    ...(error ? { error: { ...error, errors: [...(error.errors ?? [])] } } : {}),
  };
}

/** Runs, newest first. */
@ApiSchema({ name: 'RunPage' })
export class RunPage implements Page<RunSummary> {
  @ApiList(100)
  items: RunSummaryDto[];

  /** Cursor of the next page; null on the last page. */
  @ApiText(512)
  next_cursor: string | null;
}
