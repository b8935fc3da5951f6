import { STATUS_CODES } from 'node:http';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { AgentError, ErrorBody } from '../errors/agent.error.js';
import { ApiName, ApiText } from './validation/schema.decorator.js';

/** The error of one field. */
@ApiSchema({ name: 'FieldError' })
export class FieldErrorDto {
  /**
   * The path of the field; dots separate nested fields.
   * @example 'temperature'
   */
  @ApiText(1000)
  field: string;

  /**
   * The rule that the field must satisfy.
   * @example 'temperature must not be greater than 2'
   */
  @ApiText(1000)
  message: string;
}

/** The body of every error response. */
@ApiSchema({ name: 'ErrorResponse' })
export class ErrorResponse implements ErrorBody {
  /**
   * The stable error code.
   * @example 'validation_failed'
   */
  error: ErrorBody['error'];

  /**
   * A human-readable explanation.
   * @example 'temperature must not be greater than 2'
   */
  @ApiText(10_000)
  detail: string | null;

  /**
   * The id of the request, as in `X-Request-Id`.
   * @example '0b9f9f0e-3a52-4c4c-9f0c-1f2d8a2b7c11'
   */
  @ApiName()
  request_id: string;

  /** Only for `validation_failed`. */
  @ApiProperty({ type: [FieldErrorDto], maxItems: 1000, required: false })
  errors?: FieldErrorDto[];

  static from(error: AgentError, requestId: string): ErrorResponse {
    return Object.assign(new ErrorResponse(), error.toBody(requestId));
  }
}

/** The error as RFC 9457 problem details, for callers that accept `application/problem+json`. */
@ApiSchema({ name: 'ProblemDetails' })
export class ProblemDetails extends ErrorResponse {
  /** @example 'about:blank' */
  @ApiName()
  type: string;

  /**
   * The reason phrase of the status.
   * @example 'Unprocessable Entity'
   */
  @ApiName()
  title: string;

  /** @example 422 */
  @ApiProperty({ type: 'integer', minimum: 400, maximum: 599 })
  status: number;

  static of(error: AgentError, status: number, requestId: string): ProblemDetails {
    const title = STATUS_CODES[status] ?? 'Error';
    return Object.assign(new ProblemDetails(), { type: 'about:blank', title, status, ...error.toBody(requestId) });
  }
}
