import { applyDecorators, UseGuards } from '@nestjs/common';
import { ApiResponse, ApiSchema } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import { NDJSON } from '../http/streaming/line.stream.js';
import { StreamGuard } from '../http/streaming/stream.guard.js';
import { ApiCount, IsText } from '../http/validation/schema.decorator.js';
import { WithoutTimeout } from '../http/timeout.interceptor.js';
import type { Erased } from '../sessions/session.deletion.js';

/** An end user, by the name in the path. */
export class EndUserPath {
  /**
   * The end user, as in `X-End-User` or in the claim of a token.
   * @example 'ada'
   */
  @IsString()
  @Length(1, 255)
  @IsText()
  end_user: string;
}

/** Counts of the data that this call erased for an end user. */
@ApiSchema({ name: 'ErasedData' })
export class ErasedData implements Erased {
  /** @example 2 */
  @ApiCount()
  sessions: number;

  /** @example 14 */
  @ApiCount()
  messages: number;

  /** @example 7 */
  @ApiCount()
  runs: number;
}

/** Counts of the data that this call erased for a tenant. */
@ApiSchema({ name: 'ErasedTenantData' })
export class ErasedTenantData extends ErasedData {
  /** @example 1 */
  @ApiCount()
  keys: number;
}

/** Documents the response of an export. */
export function ApiExport(): MethodDecorator {
  return applyDecorators(
    WithoutTimeout(),
    UseGuards(StreamGuard),
    ApiResponse({
      status: 200,
      description:
        'One JSON object a line, each with its `type`. The first is `export`, the last `end` with the number of lines of each type.',
      content: {
        [NDJSON]: {
          schema: {
            type: 'object',
            properties: { type: { type: 'string', minLength: 1, maxLength: 64 } },
            required: ['type'],
            additionalProperties: true,
          },
        },
      },
    }),
  );
}
