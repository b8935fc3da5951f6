import { Body, HttpCode, Post, Res } from '@nestjs/common';
import { ApiController, ApiErrors } from '../http/api.decorator.js';
import { Waiting, type WaitingCaller } from '../http/caller.decorator.js';
import { sendEvents } from '../http/event.stream.js';
import type { HttpResponse } from '../http/http.exchange.js';
import { AgentRunnerService } from '../runs/agent-runner.service.js';
import { AgentRequest, AgentResponse } from './chat.dto.js';
import { ApiRunEvents } from './run-event.dto.js';

/** What can be wrong before a run starts. */
const START_ERRORS = [
  'payload_too_large',
  'unsupported_media_type',
  'session_busy',
  'guardrail_tripped',
  'overloaded',
  'draining',
] as const;

/** What can go wrong until it has answered. */
const RUN_ERRORS = [
  ...START_ERRORS,
  'run_cancelled',
  'approval_required',
  'model_error',
  'model_output_invalid',
  'model_unavailable',
  'model_rate_limited',
  'agent_timeout',
] as const;

/** The door for those who wait: talk now. */
@ApiController('Chat')
export class ChatController {
  constructor(private readonly runner: AgentRunnerService) {}

  /**
   * Run an agent and wait for its answer
   * @remarks The turn is stored in the session before the answer is given.
   */
  @Post('chat')
  @HttpCode(200)
  @ApiErrors(...RUN_ERRORS)
  chat(@Body() request: AgentRequest, @Waiting() caller: WaitingCaller): Promise<AgentResponse> {
    return this.runner.run(request, caller);
  }

  /**
   * Run an agent and stream its answer
   * @remarks What is wrong before the run starts is an ordinary error; what fails later is the last event, `run.failed`.
   */
  @Post('chat/stream')
  @HttpCode(200)
  @ApiRunEvents()
  @ApiErrors(...START_ERRORS)
  stream(
    @Body() request: AgentRequest,
    @Waiting() caller: WaitingCaller,
    @Res() response: HttpResponse,
  ): Promise<void> {
    return sendEvents(response, this.runner.stream(request, caller));
  }
}
