import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { protocolsOf } from '../auth/auth.guard.js';
import { bearerOf } from '../auth/authenticator.js';
import { AgentError } from '../errors/agent.error.js';
import type { ErrorCode } from '../errors/error.codes.js';
import { ErrorResponse, ProblemDetails } from './error-response.dto.js';
import { logFailure } from './failure.log.js';
import { type HttpRequest, type HttpResponse, requestIdOf } from './http.types.js';

/** The media type of error bodies. */
export const JSON_TYPE = 'application/json; charset=utf-8';
const PROBLEM_JSON = 'application/problem+json';

/** The answer to a failed request. */
export interface ErrorAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: object;
  /** Further headers. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Maps the statuses of framework and guard errors to error codes. Any other 4xx becomes `malformed_request`. */
const CODES: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  422: 'validation_failed',
  429: 'rate_limited',
};

/**
 * Answers every failure with an ErrorResponse. Unexpected failures are logged and hidden from the caller. The routes of
 * `AgentModule` have it already. Use it if your own routes should fail with the same bodies.
 *
 * @example
 * import { Controller, Get, UseFilters } from '@nestjs/common';
 * import { AgentError, ErrorFilter } from 'rookery';
 *
 * \@Controller('orders')
 * \@UseFilters(ErrorFilter)
 * export class OrdersController {
 *   \@Get()
 *   list() {
 *     throw new AgentError('not_found', { detail: 'There are no orders.' });
 *   }
 * }
 */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  readonly #logger = new Logger(ErrorFilter.name);

  constructor(private readonly host: HttpAdapterHost) {}

  catch(exception: unknown, context: ArgumentsHost): void {
    const http = context.switchToHttp();
    const request = http.getRequest<HttpRequest>();
    const response = http.getResponse<HttpResponse>();
    const adapter = this.host.httpAdapter;
    const requestId = requestIdOf(request);
    const { error, status } = this.#expected(exception, requestId);
    if (adapter.isHeadersSent(response)) return;

    const answer = this.represent(error, status, request);
    response.header('X-Request-Id', requestId);
    response.header('Content-Type', answer.contentType);
    for (const [name, value] of Object.entries(answer.headers ?? {})) response.header(name, value);
    if (status === 401) response.header('WWW-Authenticate', challengeTo(request));
    if (error.retryAfterSeconds !== undefined) response.header('Retry-After', String(error.retryAfterSeconds));
    adapter.reply(response, answer.body, answer.status);
  }

  /** Returns the answer to a failed request. Filters of other APIs override it. */
  protected represent(error: AgentError, status: number, request: HttpRequest): ErrorAnswer {
    const requestId = requestIdOf(request);
    const isProblem = request.headers.accept?.includes(PROBLEM_JSON) === true;
    return isProblem
      ? { status, contentType: PROBLEM_JSON, body: ProblemDetails.of(error, status, requestId) }
      : { status, contentType: JSON_TYPE, body: ErrorResponse.from(error, requestId) };
  }

  /** Converts a failure to an AgentError. Keeps the status of an error that the framework raised. */
  #expected(exception: unknown, requestId: string): { readonly error: AgentError; readonly status: number } {
    const status = refusalStatusOf(exception);
    const error = expectedError(exception) ?? AgentError.from(exception);
    if (status === undefined) {
      logFailure(this.#logger, exception, { request_id: requestId, msg: 'a request failed' });
    }
    return { error, status: status ?? error.status };
  }
}

/**
 * Converts an expected failure to an AgentError. Expected are AgentErrors, database outages, and 4xx errors of the
 * framework or of guards.
 *
 * @returns undefined for an unexpected failure.
 */
export function expectedError(exception: unknown): AgentError | undefined {
  const status = refusalStatusOf(exception);
  if (status !== undefined) return new AgentError(CODES[status] ?? 'malformed_request', {}, { cause: exception });
  const error = AgentError.from(exception);
  return error === exception || error.code === 'storage_unavailable' ? error : undefined;
}

/** Returns the status of a framework or guard error, if it is from 400 to 499. */
function refusalStatusOf(exception: unknown): number | undefined {
  if (exception instanceof AgentError) return undefined;
  const status = statusOf(exception) ?? 500;
  return status >= 400 && status < 500 ? status : undefined;
}

/** RFC 6750: `invalid_token` appears only if the request has credentials, in any of the three places. */
function challengeTo({ headers }: HttpRequest): string {
  const bearer = bearerOf({ headers, protocols: protocolsOf(headers) });
  const hasTried = bearer !== undefined || headers.authorization !== undefined || headers['x-api-key'] !== undefined;
  return `Bearer realm="rookery"${hasTried ? ', error="invalid_token"' : ''}`;
}

/** Reads the status of Nest exceptions and Fastify errors. */
function statusOf(exception: unknown): number | undefined {
  if (exception instanceof HttpException) return exception.getStatus();
  if (!(exception instanceof Error) || !('statusCode' in exception)) return undefined;
  return typeof exception.statusCode === 'number' ? exception.statusCode : undefined;
}
