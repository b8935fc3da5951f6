import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, ApiResponse, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import { ErrorResponse } from '../../http/error-response.dto.js';
import { ApiCount, ApiName, ApiText } from '../../http/validation/schema.decorator.js';
import { AgentResponse } from './agent-response.dto.js';

/** The fields of every event. */
export abstract class RunEventDto {
  /** @example 'f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61' */
  @ApiName()
  run_id: string;

  /**
   * 1, 2, 3 … within the run; also the `id` of the event.
   * @example 1
   */
  @ApiCount()
  sequence: number;
}

/** The first event, before the model is called. */
@ApiSchema({ name: 'RunStarted' })
class RunStarted extends RunEventDto {
  type: 'run.started';

  /** @example 'holiday-plans' */
  @ApiName()
  session_id: string;

  /** @example 'assistant' */
  @ApiName(64)
  agent_role: string;

  /** @example 'gpt-4o' */
  @ApiName()
  model: string;
}

/** A new attempt continues the run. The text since the last completed turn of the model is void. */
@ApiSchema({ name: 'RunRestarted' })
class RunRestarted extends RunEventDto {
  type: 'run.restarted';

  /** @example 2 */
  @ApiCount()
  attempt: number;
}

/** The run rests. `run.restarted` follows, or the run goes on. */
@ApiSchema({ name: 'RunWaiting' })
class RunWaiting extends RunEventDto {
  type: 'run.waiting';

  /** `retry`: the model provider failed. `approval`: a tool call waits for a decision. */
  @ApiProperty({ enum: ['retry', 'approval'], example: 'retry' })
  reason: 'retry' | 'approval';

  /** The end of the wait. Absent: it has no limit. */
  @ApiProperty({ format: 'date-time', maxLength: 24, required: false, example: '2026-01-02T03:04:09.123Z' })
  until?: string;
}

/** A piece of the reply. */
@ApiSchema({ name: 'MessageDelta' })
class MessageDelta extends RunEventDto {
  type: 'message.delta';

  /** @example 'It offers ' */
  @ApiText()
  delta: string;
}

/** A tool call starts. */
@ApiSchema({ name: 'ToolStarted' })
class ToolStarted extends RunEventDto {
  type: 'tool.started';

  /** @example 'call_1' */
  @ApiName()
  call_id: string;

  /** @example 'calculate' */
  @ApiName(64)
  tool: string;

  /**
   * The arguments, converted to the tool's schema.
   * @example { "expression": "6 * 7" }
   */
  @ApiProperty({ type: 'object', additionalProperties: true })
  arguments: unknown;
}

/** A tool call has ended, or was refused before it started. */
@ApiSchema({ name: 'ToolCompleted' })
class ToolCompleted extends RunEventDto {
  type: 'tool.completed';

  /** @example 'call_1' */
  @ApiName()
  call_id: string;

  /** @example 'calculate' */
  @ApiName(64)
  tool: string;

  /**
   * The output that the model received.
   * @example '42'
   */
  @ApiProperty({ maxLength: 100_000, required: false })
  output?: string;

  /** Why the call failed. Replaces `output`. */
  @ApiProperty({ maxLength: 100_000, required: false })
  error?: string;
}

/** A tool call waits for a decision by `POST /runs/{run_id}/approvals/{approval_id}`. */
@ApiSchema({ name: 'ApprovalRequired' })
class ApprovalRequired extends RunEventDto {
  type: 'approval.required';

  /** @example '01a20639-24c1-7000-8000-000000000000' */
  @ApiName()
  approval_id: string;

  /** @example 'send_invoice' */
  @ApiName(64)
  tool: string;

  /**
   * The arguments that the tool will receive.
   * @example { "amount": 100 }
   */
  @ApiProperty({ type: 'object', additionalProperties: true })
  arguments: unknown;

  /** `another`: the caller or end user who started the run cannot decide. Omitted: they can. */
  @ApiProperty({ enum: ['another'], required: false, example: 'another' })
  by?: 'another';
}

/** Another agent continues in place of the current one. */
@ApiSchema({ name: 'Handoff' })
class Handoff extends RunEventDto {
  type: 'handoff';

  /** @example 'assistant' */
  @ApiName(64)
  from: string;

  /** @example 'researcher' */
  @ApiName(64)
  to: string;
}

/** The last event of a completed run. */
@ApiSchema({ name: 'RunCompleted' })
class RunCompleted extends RunEventDto {
  type: 'run.completed';

  /** The whole answer, the same as from `/chat`. */
  response: AgentResponse;
}

/** The last event of a failed run. */
@ApiSchema({ name: 'RunFailed' })
class RunFailed extends RunEventDto {
  type: 'run.failed';

  /** The error, the same as from `/chat`. */
  error: ErrorResponse;
}

/** The last event of a cancelled run. */
@ApiSchema({ name: 'RunCancelled' })
class RunCancelled extends RunEventDto {
  type: 'run.cancelled';

  /** @example 'The session was deleted.' */
  @ApiText(1000)
  reason: string;
}

const EVENTS = [
  RunStarted,
  RunRestarted,
  RunWaiting,
  MessageDelta,
  ToolStarted,
  ToolCompleted,
  ApprovalRequired,
  Handoff,
];
const LAST_EVENTS = [RunFailed, RunCancelled];

const REQUEST_ID = '0b9f9f0e-3a52-4c4c-9f0c-1f2d8a2b7c11';
export const RUN_ID = 'f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61';
const EXAMPLES = {
  'run.started': { session_id: 'holiday-plans', agent_role: 'assistant', model: 'gpt-4o' },
  'run.restarted': { attempt: 2 },
  'run.waiting': { reason: 'retry', until: '2026-01-02T03:04:09.123Z' },
  'message.delta': { delta: 'It offers agents over REST.' },
  'tool.started': { call_id: 'call_1', tool: 'calculate', arguments: { expression: '6 * 7' } },
  'tool.completed': { call_id: 'call_1', tool: 'calculate', output: '42' },
  'approval.required': {
    approval_id: '01a20639-24c1-7000-8000-000000000000',
    tool: 'send_invoice',
    arguments: { amount: 100 },
  },
  handoff: { from: 'assistant', to: 'researcher' },
  'run.completed': {
    response: {
      session_id: 'holiday-plans',
      run_id: RUN_ID,
      reply: 'It offers agents over REST.',
      tokens_used: 57,
      model: 'gpt-4o',
      processing_time_ms: 812.4,
    },
  },
  'run.failed': {
    error: { error: 'agent_timeout', detail: 'The run took longer than its time limit.', request_id: REQUEST_ID },
  },
  'run.cancelled': { reason: 'The session was deleted.' },
};

export const EVENTS_DESCRIPTION =
  'The events of the run. Each has an `id` (its sequence), an `event` (its type) and one of these objects as `data`. ' +
  'The last one is `run.completed`, `run.failed` or `run.cancelled`.';

/**
 * Documents a stream of run events.
 *
 * @param completed the model of `run.completed`; default: that of version 1.
 * @param response its example.
 */
export function ApiRunEvents(completed: typeof RunEventDto = RunCompleted, response?: object): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(...eventModels(completed)),
    ApiResponse({ status: 200, description: EVENTS_DESCRIPTION, content: eventContent(completed, response) }),
  );
}

/** Returns the event models of an API version. `completed` is its model of `run.completed`. */
export function eventModels(completed: typeof RunEventDto): (typeof RunEventDto)[] {
  return [...EVENTS, completed, ...LAST_EVENTS];
}

/** Returns the content of an event stream. @param response example of a completed run; default: that of version 1. */
export function eventContent(completed: typeof RunEventDto, response?: object) {
  const examples = Object.entries({ ...EXAMPLES, ...(response ? { 'run.completed': { response } } : {}) });
  return {
    'text/event-stream': {
      schema: { oneOf: eventModels(completed).map((event) => ({ $ref: getSchemaPath(event) })) },
      examples: Object.fromEntries(
        examples.map(([type, facts], index) => [
          type,
          { value: { type, ...facts, run_id: RUN_ID, sequence: index + 1 } },
        ]),
      ),
    },
  };
}
