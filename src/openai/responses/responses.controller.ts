import { Body, Delete, Get, HttpCode, Param, Post, Query, Res, UseGuards } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { RequireScope } from '../../auth/auth.guard.js';
import { type Caller, CurrentCaller } from '../../http/caller.decorator.js';
import type { HttpResponse } from '../../http/http.types.js';
import { ApiIdempotent, IdempotencyKey } from '../../http/idempotency-key.decorator.js';
import { CurrentStreamCaller, type StreamCaller } from '../../http/streaming/last-event.decorator.js';
import { WithoutTimeout } from '../../http/timeout.interceptor.js';
import { OpenAIController } from '../openai-api.decorator.js';
import { OpenAIErrors } from '../openai-error.dto.js';
import { BodyFields } from '../request/body.fields.js';
import { RequestedStreamGuard } from '../request/requested-stream.guard.js';
import { RunRoute } from '../request/run-route.decorator.js';
import { CreateResponse } from './create-response.dto.js';
import { itemsPageOf } from './input.items.js';
import { toEventText } from './response.frames.js';
import { ApiResponseAnswer, ApiResponseId, DeletedResponse, InputItemList, ResponseDto } from './responses.dto.js';
import { OpenAIReplies } from '../openai.replies.js';
import { ResponsesService } from './responses.service.js';
import { readFollow } from './responses.query.js';

/** The Responses API. */
@OpenAIController('Responses', 'chat')
export class OpenAIResponsesController {
  constructor(
    private readonly responses: ResponsesService,
    private readonly replies: OpenAIReplies,
  ) {}

  /**
   * Create a response
   * @remarks `model` is the role of an agent. With `stream` the answer is a stream of events, which ends with `[DONE]`.
   * With `background` it is queued, and needs the scope `tasks`.
   */
  @ApiOperation({ operationId: 'createResponse' })
  @RunRoute('responses', CreateResponse)
  @UseGuards(RequestedStreamGuard)
  @ApiIdempotent()
  @ApiResponseAnswer()
  async create(
    @Body() body: unknown,
    @CurrentStreamCaller() caller: StreamCaller,
    @IdempotencyKey() idempotencyKey: string | undefined,
    @Res() reply: HttpResponse,
  ): Promise<void> {
    const request = await this.responses.read(BodyFields.ofBody(body), caller.principal);
    if (request.isStream) {
      const { events, isReplayed } = await this.responses.stream(request, { ...caller, idempotencyKey });
      return await this.replies.sendStream(reply, toEventText(events), isReplayed);
    }
    const { response, isReplayed } = await this.responses.create(request, { ...caller, idempotencyKey });
    this.replies.sendObject(reply, response, isReplayed);
  }

  /**
   * Read a response
   * @remarks With `stream=true` the answer is its stream of events, after the number `starting_after`.
   */
  @ApiOperation({ operationId: 'getResponse' })
  @Get('responses/:response_id')
  @WithoutTimeout()
  @UseGuards(RequestedStreamGuard)
  @ApiResponseId({ isStreamable: true })
  @ApiResponseAnswer()
  @OpenAIErrors('not_found')
  async get(
    @Param('response_id') id: string,
    @Query() query: unknown,
    @CurrentStreamCaller() { principal, signal }: StreamCaller,
    @Res() reply: HttpResponse,
  ): Promise<void> {
    const { isStream, after, includes } = readFollow(query);
    if (!isStream) return this.replies.sendObject(reply, await this.responses.get(id, principal, includes));
    const events = await this.responses.follow(id, { principal, signal }, includes);
    await this.replies.sendStream(reply, toEventText(events, after));
  }

  /**
   * Cancel a response
   * @remarks Only one in the background. Waits up to 5 s for its end. A response that is over stays as it is.
   */
  @ApiOperation({ operationId: 'cancelResponse' })
  @Post('responses/:response_id/cancel')
  @HttpCode(200)
  @ApiResponseId()
  @OpenAIErrors('not_found')
  async cancel(@Param('response_id') id: string, @CurrentCaller() { principal }: Caller): Promise<ResponseDto> {
    return await this.responses.cancel(id, principal);
  }

  /**
   * Delete a response
   * @remarks Erases its run and its messages. Needs the scope `sessions:write`.
   */
  @ApiOperation({ operationId: 'deleteResponse' })
  @Delete('responses/:response_id')
  @WithoutTimeout()
  @RequireScope('sessions:write')
  @ApiResponseId()
  @OpenAIErrors('not_found')
  async delete(@Param('response_id') id: string, @CurrentCaller() caller: Caller): Promise<DeletedResponse> {
    await this.responses.delete(id, caller);
    return { id, object: 'response', deleted: true };
  }

  /** List the input items of a response */
  @ApiOperation({ operationId: 'listInputItems' })
  @Get('responses/:response_id/input_items')
  @ApiResponseId({ isPaged: true })
  @OpenAIErrors('not_found')
  async items(
    @Param('response_id') id: string,
    @Query() query: unknown,
    @CurrentCaller() { principal }: Caller,
  ): Promise<InputItemList> {
    return itemsPageOf(await this.responses.input(id, principal), query);
  }
}
