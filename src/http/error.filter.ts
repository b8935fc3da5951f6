import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AgentError } from '../errors/agent.error.js';
import type { ErrorCode } from '../errors/error.codes.js';
import { ErrorResponse, ProblemDetails } from './error-response.dto.js';
import { logFailure } from './failure.log.js';
import { type HttpRequest, type HttpResponse, requestIdOf } from './http.exchange.js';

/** What frameworks and guards answer by themselves, in our codes. Any other 4xx is a request that cannot be read. */
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

/** Answers every failure with an ErrorResponse. What is not expected is logged and told to nobody. */
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

    const isProblem = request.headers.accept?.includes('application/problem+json') === true;
    response.header('X-Request-Id', requestId);
    response.header('Content-Type', isProblem ? 'application/problem+json' : 'application/json; charset=utf-8');
    if (status === 401) response.header('WWW-Authenticate', challengeTo(request));
    if (error.retryAfterSeconds !== undefined) response.header('Retry-After', String(error.retryAfterSeconds));
    const body = isProblem ? ProblemDetails.of(error, status, requestId) : ErrorResponse.from(error, requestId);
    adapter.reply(response, body, status);
  }

  /** The failure in our codes; the status of a framework's refusal is kept. */
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
 * A failure in our codes: an AgentError, an outage of the database, or what a framework or a guard has refused.
 *
 * @returns undefined for a failure that nobody expects.
 */
export function expectedError(exception: unknown): AgentError | undefined {
  const status = refusalStatusOf(exception);
  if (status !== undefined) return new AgentError(CODES[status] ?? 'malformed_request', {}, { cause: exception });
  const error = AgentError.from(exception);
  return error === exception || error.code === 'storage_unavailable' ? error : undefined;
}

/** The status with which a framework or a guard has refused, from 400 to 499. */
function refusalStatusOf(exception: unknown): number | undefined {
  if (exception instanceof AgentError) return undefined;
  const status = statusOf(exception) ?? 500;
  return status >= 400 && status < 500 ? status : undefined;
}

/** As RFC 6750 has it: only who has sent something is told that it is wrong. */
function challengeTo({ headers }: HttpRequest): string {
  const hasTried = headers.authorization !== undefined || headers['x-api-key'] !== undefined;
  return `Bearer realm="rookery"${hasTried ? ', error="invalid_token"' : ''}`;
}

/** Nest's exceptions and Fastify's own errors name their status. */
function statusOf(exception: unknown): number | undefined {
  if (exception instanceof HttpException) return exception.getStatus();
  if (!(exception instanceof Error) || !('statusCode' in exception)) return undefined;
  return typeof exception.statusCode === 'number' ? exception.statusCode : undefined;
}
