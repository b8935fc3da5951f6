import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal.js';
import { newId } from '../../storage/new.id.js';
import { OfferedModels } from '../offered.models.js';
import type { ResponseEvent } from './response.fold.js';
import { type Place, ResponsePlace } from './response.place.js';
import { ResponseStream } from './response.stream.js';
import type { ResponseRequest } from './responses.reader.js';

const NO_TOKENS = { input_tokens: 0, cached_tokens: 0, output_tokens: 0, reasoning_tokens: 0, total_tokens: 0 };

/** A response without a run. */
interface PreparedResponse {
  readonly id: string;
  /** The place where its continuation goes on. */
  readonly place: Place;
  readonly events: readonly ResponseEvent[];
}

/** Answers requests that only prepare those that continue them. */
@Injectable()
export class ResponsePreparation {
  constructor(
    private readonly models: OfferedModels,
    private readonly places: ResponsePlace,
    private readonly streams: ResponseStream,
  ) {}

  /**
   * Returns an empty response. Nothing of it is stored.
   *
   * @param continued the place of a response that is not stored. Default: where the request says.
   * @throws OpenAIRefusal if its model does not exist, or the response that it continues.
   */
  async create({ echo }: ResponseRequest, principal: Principal, continued?: Place): Promise<PreparedResponse> {
    await this.models.require(echo.model, principal);
    const place = continued ?? (await this.places.of(echo, principal));
    const fold = this.streams.fold({ runId: newId(), echo: { ...echo, store: false } }, principal, false);
    const end = { status: 'completed', usage: NO_TOKENS, finishedAt: Date.now() } as const;
    return { id: fold.response.id, place, events: [...fold.start(), ...fold.end(end)] };
  }
}
