import { Body } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { type AbortableCaller, CurrentAbortableCaller } from '../../http/caller.decorator.js';
import { OpenAIController } from '../openai-api.decorator.js';
import { BodyFields } from '../request/body.fields.js';
import { RunRoute } from '../request/run-route.decorator.js';
import { readModel } from '../request/settings.reader.js';
import { readInput } from '../responses/input.reader.js';
import { MAX_INSTRUCTIONS, MAX_RESPONSE_ID, readItems } from '../responses/responses.reader.js';
import { ResponsesService } from '../responses/responses.service.js';
import { CompactedResponse, CompactResponse } from './compaction.dto.js';
import { type CompactionRequest, CompactionService } from './compaction.service.js';

/** Summarizes conversations of clients. */
@OpenAIController('Responses', 'chat')
export class CompactionController {
  constructor(
    private readonly compactions: CompactionService,
    private readonly responses: ResponsesService,
  ) {}

  /**
   * Compact a conversation
   * @remarks The model of the agent summarizes it. Send the `output` in place of the conversation in a later `input`,
   * without `previous_response_id`. The service stores nothing of it.
   */
  @ApiOperation({ operationId: 'compactResponse' })
  @RunRoute('responses/compact', CompactResponse)
  async create(@Body() body: unknown, @CurrentAbortableCaller() caller: AbortableCaller): Promise<CompactedResponse> {
    const fields = BodyFields.ofBody(body);
    return await this.compactions.create(await this.#read(fields, caller), caller);
  }

  async #read(fields: BodyFields, { principal }: AbortableCaller): Promise<CompactionRequest> {
    const model = readModel(fields);
    const previous = fields.text('previous_response_id', MAX_RESPONSE_ID) ?? null;
    const isEmpty = previous !== null && fields.value('input') === undefined;
    const items = isEmpty ? [] : await this.responses.resolve(readItems(fields), principal);
    const content = fields.text('instructions', MAX_INSTRUCTIONS);
    const instructions = content === undefined ? [] : [{ role: 'developer', content } as const];
    return { model, previous, messages: [...instructions, ...readInput(items)] };
  }
}
