import { Body, Res, UseGuards } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { HttpResponse } from '../../http/http.types.js';
import { ApiIdempotent, IdempotencyKey } from '../../http/idempotency-key.decorator.js';
import { CurrentStreamCaller, type StreamCaller } from '../../http/streaming/last-event.decorator.js';
import { OpenAIController } from '../openai-api.decorator.js';
import { OpenAIReplies } from '../openai.replies.js';
import { BodyFields } from '../request/body.fields.js';
import { RequestedStreamGuard } from '../request/requested-stream.guard.js';
import { RunRoute } from '../request/run-route.decorator.js';
import { ApiCompletionAnswer, CreateCompletion } from './completions.dto.js';
import { readCompletionRequest } from './completions.reader.js';
import { CompletionsService } from './completions.service.js';

/** The Chat Completions API. */
@OpenAIController('Chat completions', 'chat')
export class OpenAICompletionsController {
  constructor(
    private readonly completions: CompletionsService,
    private readonly replies: OpenAIReplies,
  ) {}

  /**
   * Create a chat completion
   * @remarks `model` is the role of an agent. With `stream` the answer is a stream of chunks, which ends with `[DONE]`.
   */
  @ApiOperation({ operationId: 'createChatCompletion' })
  @RunRoute('chat/completions', CreateCompletion)
  @UseGuards(RequestedStreamGuard)
  @ApiIdempotent()
  @ApiCompletionAnswer()
  async create(
    @Body() body: unknown,
    @CurrentStreamCaller() caller: StreamCaller,
    @IdempotencyKey() idempotencyKey: string | undefined,
    @Res() reply: HttpResponse,
  ): Promise<void> {
    const request = readCompletionRequest(BodyFields.ofBody(body));
    if (request.isStream) {
      const { texts, isReplayed } = await this.completions.stream(request, { ...caller, idempotencyKey });
      return await this.replies.sendStream(reply, texts, isReplayed);
    }
    const { completion, isReplayed } = await this.completions.create(request, { ...caller, idempotencyKey });
    this.replies.sendObject(reply, completion, isReplayed);
  }
}
