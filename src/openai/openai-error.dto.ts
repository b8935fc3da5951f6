import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, ApiResponse, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import { AgentError } from '../errors/agent.error.js';
import { ERROR_CODES, type ErrorCode } from '../errors/error.codes.js';
import { RETRY_AFTER } from '../http/api.decorator.js';
import { ApiName, ApiText } from '../http/validation/schema.decorator.js';
import { openAIErrorOf, openAIStatusOf } from './openai.error.js';

/** An error as OpenAI has it. */
@ApiSchema({ name: 'Error' })
class OpenAIErrorDto {
  /** @example 'No agent "gpt-9". Offered: assistant.' */
  @ApiText(10_000)
  message: string;

  /**
   * The class of the error.
   * @example 'invalid_request_error'
   */
  @ApiName()
  type: string;

  /**
   * The parameter at fault.
   * @example 'model'
   */
  @ApiText(1000)
  param: string | null;

  /**
   * The stable code: that of OpenAI, or that of the error table of this service.
   * @example 'model_not_found'
   */
  @ApiName()
  code: string;
}

/** The body of every error response. */
@ApiSchema({ name: 'ErrorBody' })
class OpenAIErrorResponse {
  @ApiProperty({ type: OpenAIErrorDto })
  error: OpenAIErrorDto;
}

/** Documents the error responses of an operation. */
export function OpenAIErrors(...codes: readonly ErrorCode[]): MethodDecorator & ClassDecorator {
  const byStatus = Map.groupBy(codes, (code) => openAIStatusOf(ERROR_CODES[code].status));
  const responses = [...byStatus].map(([status, [...alike]]) =>
    ApiResponse({
      status,
      description: alike.map((code) => `\`${bodyOf(code).error.code}\`: ${ERROR_CODES[code].detail}`).join(' '),
      ...(alike.some((code) => ERROR_CODES[code].isRetryable) ? { headers: RETRY_AFTER } : {}),
      content: {
        'application/json': {
          schema: { $ref: getSchemaPath(OpenAIErrorResponse) },
          examples: Object.fromEntries(alike.map((code) => [code, { value: bodyOf(code) }])),
        },
      },
    }),
  );
  return applyDecorators(ApiExtraModels(OpenAIErrorResponse), ...responses);
}

function bodyOf(code: ErrorCode) {
  return openAIErrorOf(new AgentError(code), openAIStatusOf(ERROR_CODES[code].status));
}
