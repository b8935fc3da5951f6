import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import { ApiRunEvents, EVENTS_DESCRIPTION, eventContent, eventModels, RUN_ID, RunEventDto } from './run-event.dto.js';
import { ChatResponse } from './chat-response.dto.js';

/** The last event of a completed run. */
@ApiSchema({ name: 'ChatCompleted' })
class RunCompletedV2 extends RunEventDto {
  type: 'run.completed';

  /** The whole answer, the same as the JSON response. */
  response: ChatResponse;
}

const ANSWER: ChatResponse = {
  run_id: RUN_ID,
  session_id: 'holiday-plans',
  output: '6 * 7 is 42.',
  usage: { input_tokens: 40, cached_tokens: 0, output_tokens: 17, reasoning_tokens: 0, total_tokens: 57 },
  tool_calls: [
    { call_id: 'call_1', tool: 'calculate', arguments: { expression: '6 * 7' }, output: '42', duration_ms: 1.2 },
  ],
  finish_reason: 'stop',
  model: 'gpt-4o',
  release: 'default',
  processing_time_ms: 812.4,
  metadata: { ticket: '4711' },
};

/** Documents a stream of run events of version 2. */
export function ApiRunEventsV2(): MethodDecorator {
  return ApiRunEvents(RunCompletedV2, ANSWER);
}

/** Documents an answer as one response, or as events. */
export function ApiChatAnswer(): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(ChatResponse, ...eventModels(RunCompletedV2)),
    ApiResponse({
      status: 200,
      description: `The answer, or its events with \`Accept: text/event-stream\`. ${EVENTS_DESCRIPTION}`,
      content: {
        'application/json': {
          schema: { $ref: getSchemaPath(ChatResponse) },
          examples: { answer: { value: ANSWER } },
        },
        ...eventContent(RunCompletedV2, ANSWER),
      },
    }),
  );
}
