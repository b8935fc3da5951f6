import { Body, HttpCode, Post, Res } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { HttpAdapterHost } from '@nestjs/core';
import { API_V2_PREFIX, ApiController, ApiErrors } from '../http/api.decorator.js';
import { type ChatCaller, CurrentChatCaller } from '../http/chat-caller.decorator.js';
import { sendRemaining } from '../http/streaming/event.stream.js';
import type { HttpResponse } from '../http/http.types.js';
import { ApiIdempotent, markReplayed } from '../http/idempotency-key.decorator.js';
import { ApiResumable } from '../http/streaming/last-event.decorator.js';
import { PreferredStreamGuard } from '../http/streaming/stream.guard.js';
import { AgentRunnerService } from '../runs/agent-runner.service.js';
import { OutcomeEnricher } from '../runs/events/outcome.enricher.js';
import { RUN_ERRORS } from './chat.controller.js';
import { ChatRequest } from './chat-request.dto.js';
import { ChatResponse } from '../runs/api/chat-response.dto.js';
import { ApiChatAnswer } from '../runs/api/run-event.v2.dto.js';

/** Answers and streams share idempotency keys: one can repeat the other. */
const KEY_SPACE = 'v2';

/** The chat endpoint of version 2. */
@ApiController('Chat', 'chat', API_V2_PREFIX)
export class ChatV2Controller {
  constructor(
    private readonly runner: AgentRunnerService,
    private readonly outcomes: OutcomeEnricher,
    private readonly host: HttpAdapterHost,
  ) {}

  /**
   * Run an agent and get one answer, or events
   * @remarks With `Accept: text/event-stream` the answer is a stream of events, and the last event has all of it. An
   * error before the run starts is an ordinary error response. A later failure of a stream is its last event,
   * `run.failed`. A repeat with the same `Idempotency-Key` gets the same answer, or joins its events after
   * `Last-Event-ID`, if it is sent.
   */
  @ApiOperation({ operationId: 'chatv2_chat' })
  @Post('chat')
  @HttpCode(200)
  @ApiIdempotent()
  @ApiResumable(PreferredStreamGuard)
  @ApiChatAnswer()
  @ApiErrors(...RUN_ERRORS, 'run_not_found')
  async chat(
    @Body() request: ChatRequest,
    @CurrentChatCaller() caller: ChatCaller,
    @Res() response: HttpResponse,
  ): Promise<void> {
    if (caller.wantsEvents) await this.#stream(request, caller, response);
    else await this.#answer(request, caller, response);
  }

  async #answer(request: ChatRequest, caller: ChatCaller, response: HttpResponse): Promise<void> {
    const options = { ...caller, keySpace: KEY_SPACE };
    const outcome = await this.runner.complete(ChatRequest.toRun(request), options, (isReplayed) =>
      markReplayed(response, isReplayed),
    );
    this.host.httpAdapter.reply(response, ChatResponse.from(outcome), 200);
  }

  async #stream(request: ChatRequest, caller: ChatCaller, response: HttpResponse): Promise<void> {
    const { lastEventId: after, principal } = caller;
    const options = { ...caller, after, keySpace: KEY_SPACE };
    const started = await this.runner.begin(ChatRequest.toRun(request), options);
    markReplayed(response, started.isReplayed);
    await sendRemaining(response, started.events && this.outcomes.withOutcome(started.events, principal));
  }
}
