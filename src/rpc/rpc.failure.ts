import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import { RpcException } from '@nestjs/microservices';
import { type Observable, throwError } from 'rxjs';
import { AgentError, type ErrorBody } from '../errors/agent.error.js';
import { expectedError } from '../http/error.filter.js';
import { logFailure } from '../http/failure.log.js';
import { peekMetadata } from './rpc.message.js';

/** The error of a message: the HTTP body of the same error, plus its status and `Retry-After`. */
export interface RpcError extends ErrorBody {
  /** The HTTP status of the same error, 400–599. */
  readonly status: number;
  /** Seconds until a retry makes sense. Left out if a retry would fail too. */
  readonly retry_after?: number | undefined;
}

export function rpcErrorOf(error: AgentError, requestId: string): RpcError {
  const { status, retryAfterSeconds } = error;
  const body = { ...error.toBody(requestId), status };
  return retryAfterSeconds === undefined ? body : { ...body, retry_after: retryAfterSeconds };
}

/** A failure that already has its body. */
export class RpcFailure extends RpcException {
  constructor(readonly body: RpcError) {
    super(body);
  }
}

/**
 * Answers every failure with an RpcError, also the errors of the host's guards and pipes. Logs unexpected errors, and
 * does not show them to callers.
 */
@Catch()
export class RpcErrorFilter implements ExceptionFilter {
  readonly #logger = new Logger(RpcErrorFilter.name);

  catch(exception: unknown, host: ArgumentsHost): Observable<never> {
    return throwError(() => this.#bodyOf(exception, host.switchToRpc().getData()));
  }

  #bodyOf(exception: unknown, payload: unknown): RpcError {
    if (exception instanceof RpcFailure) return exception.body;
    const { requestId } = peekMetadata(payload);
    // A guard or pipe of the host has refused the message.
    if (exception instanceof RpcException) return rpcErrorOf(new AgentError('forbidden'), requestId);
    const error = expectedError(exception) ?? AgentError.from(exception);
    if (error.status >= 500) logFailure(this.#logger, exception, { request_id: requestId, msg: 'a message failed' });
    return rpcErrorOf(error, requestId);
  }
}
