import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, ApiResponse, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import { ErrorResponse } from '../http/error-response.dto.js';
import { ApiCount, ApiName, ApiText } from '../http/schema.decorator.js';
import { AgentResponse } from './chat.dto.js';

/** What every event carries. */
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

/** A new attempt goes on: the text since the last completed turn of the model is void. */
@ApiSchema({ name: 'RunRestarted' })
class RunRestarted extends RunEventDto {
  type: 'run.restarted';

  /** @example 2 */
  @ApiCount()
  attempt: number;
}

/** A piece of the reply. */
@ApiSchema({ name: 'MessageDelta' })
class MessageDelta extends RunEventDto {
  type: 'message.delta';

  /** @example 'It offers ' */
  @ApiText()
  delta: string;
}

/** A tool begins its work. */
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
   * What it was given, as its schema has it.
   * @example { "expression": "6 * 7" }
   */
  @ApiProperty({ type: 'object', additionalProperties: true })
  arguments: unknown;
}

/** A tool has ended, or was refused before it began. */
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
   * What the model was given.
   * @example '42'
   */
  @ApiProperty({ maxLength: 100_000, required: false })
  output?: string;

  /** Why it failed, in place of an output. */
  @ApiProperty({ maxLength: 100_000, required: false })
  error?: string;
}

/** A tool waits for somebody's decision, which comes by `POST /runs/{run_id}/approvals/{approval_id}`. */
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
   * What it is to be given.
   * @example { "amount": 100 }
   */
  @ApiProperty({ type: 'object', additionalProperties: true })
  arguments: unknown;
}

/** Another agent goes on in the place of this one. */
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

/** The last event of a run that answered. */
@ApiSchema({ name: 'RunCompleted' })
class RunCompleted extends RunEventDto {
  type: 'run.completed';

  /** The whole answer, as `/chat` gives it. */
  response: AgentResponse;
}

/** The last event of a run that failed. */
@ApiSchema({ name: 'RunFailed' })
class RunFailed extends RunEventDto {
  type: 'run.failed';

  /** What went wrong, as `/chat` says it. */
  error: ErrorResponse;
}

/** The last event of a run that was cancelled. */
@ApiSchema({ name: 'RunCancelled' })
class RunCancelled extends RunEventDto {
  type: 'run.cancelled';

  /** @example 'The session was deleted.' */
  @ApiText(1000)
  reason: string;
}

const EVENTS = [RunStarted, RunRestarted, MessageDelta, ToolStarted, ToolCompleted, ApprovalRequired, Handoff];
const LAST_EVENTS = [RunFailed, RunCancelled];

const REQUEST_ID = '0b9f9f0e-3a52-4c4c-9f0c-1f2d8a2b7c11';
export const RUN_ID = 'f3b1c1de-6c1c-4a0e-9d0c-0d3a0f0a5b61';
const EXAMPLES = {
  'run.started': { session_id: 'holiday-plans', agent_role: 'assistant', model: 'gpt-4o' },
  'run.restarted': { attempt: 2 },
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
  'The events of the run. Each has `id` (its sequence), `event` (its type) and as `data` one of these objects. ' +
  'The last one is `run.completed`, `run.failed` or `run.cancelled`.';

/** Documents a stream of run events. */
export function ApiRunEvents(): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(...eventModels(RunCompleted)),
    ApiResponse({ status: 200, description: EVENTS_DESCRIPTION, content: eventContent(RunCompleted) }),
  );
}

/** The events of a version of the API, of which each completes a run in its own words. */
export function eventModels(completed: typeof RunEventDto): (typeof RunEventDto)[] {
  return [...EVENTS, completed, ...LAST_EVENTS];
}

/** A stream of these events. @param response an example of what it completes with; default: version 1's. */
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
