import { Body, HttpCode, Post, Res } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { ApiController, ApiErrors } from '../http/api.decorator.js';
import { CurrentAbortableCaller, type AbortableCaller } from '../http/caller.decorator.js';
import { sendRemaining } from '../http/streaming/event.stream.js';
import type { HttpResponse } from '../http/http.types.js';
import { WithoutTimeout } from '../http/timeout.interceptor.js';
import { ApiResumable, CurrentStreamCaller, type StreamCaller } from '../http/streaming/last-event.decorator.js';
import { ApiIdempotent, IdempotencyKey, markReplayed } from '../http/idempotency-key.decorator.js';
import { AgentRunnerService } from '../runs/agent-runner.service.js';
import { AgentRequest } from './agent-request.dto.js';
import { AgentResponse } from '../runs/api/agent-response.dto.js';
import { ApiRunEvents } from '../runs/api/run-event.dto.js';

/** Errors before a run starts. */
const START_ERRORS = [
  'payload_too_large',
  'unsupported_media_type',
  'quota_exceeded',
  'session_not_found',
  'session_busy',
  'tool_results_required',
  'idempotency_key_reused',
  'guardrail_tripped',
  'overloaded',
  'draining',
  'stopped',
  'storage_unavailable',
] as const;

/** Errors of a run, from its start to its answer. */
export const RUN_ERRORS = [
  ...START_ERRORS,
  'idempotency_key_in_use',
  'run_cancelled',
  'approval_required',
  'model_error',
  'model_output_invalid',
  'model_unavailable',
  'model_rate_limited',
  'run_interrupted',
  'agent_timeout',
] as const;

/** The chat endpoints of version 1: one answer, or a stream of events. */
@ApiController('Chat', 'chat')
export class ChatController {
  constructor(private readonly runner: AgentRunnerService) {}

  /**
   * Run an agent and wait for its answer
   * @remarks The turn is stored in the session before the answer is sent.
   */
  @ApiOperation({ operationId: 'chat_chat' })
  @Post('chat')
  @HttpCode(200)
  // The deadline of the run is its limit.
  @WithoutTimeout()
  @ApiIdempotent()
  @ApiErrors(...RUN_ERRORS)
  async chat(
    @Body() request: AgentRequest,
    @CurrentAbortableCaller() caller: AbortableCaller,
    @IdempotencyKey() idempotencyKey: string | undefined,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<AgentResponse> {
    return await this.runner.answer(request, { ...caller, idempotencyKey }, (isReplayed) =>
      markReplayed(response, isReplayed),
    );
  }

  /**
   * Run an agent and stream its answer
   * @remarks An error before the run starts is an ordinary error response. A later failure is the last event,
   * `run.failed`. A repeat with the same `Idempotency-Key` joins the run, after `Last-Event-ID` if it is sent.
   */
  @ApiOperation({ operationId: 'chat_stream' })
  @Post('chat/stream')
  @HttpCode(200)
  @ApiIdempotent()
  @ApiResumable()
  @ApiRunEvents()
  @ApiErrors(...START_ERRORS)
  async stream(
    @Body() request: AgentRequest,
    @CurrentStreamCaller() { lastEventId: after, ...caller }: StreamCaller,
    @IdempotencyKey() idempotencyKey: string | undefined,
    @Res() response: HttpResponse,
  ): Promise<void> {
    const options = { ...caller, idempotencyKey, after };
    const { events, isReplayed } = await this.runner.begin(request, options);
    markReplayed(response, isReplayed);
    await sendRemaining(response, events);
  }
}
