import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import { RpcException } from '@nestjs/microservices';
import { type Observable, throwError } from 'rxjs';
import { AgentError, type ErrorBody } from '../errors/agent.error.js';
import { expectedError } from '../http/error.filter.js';
import { logFailure } from '../http/failure.log.js';
import { hintsOf } from './rpc.message.js';

/** How a message fails: the body that the same call has over HTTP, and what stands in its status line and headers. */
export interface RpcError extends ErrorBody {
  readonly status: number;
  /** Seconds until another try makes sense; left out where it would fail alike. */
  readonly retry_after?: number | undefined;
}

export function rpcErrorOf(error: AgentError, requestId: string): RpcError {
  const { status, retryAfterSeconds } = error;
  const body = { ...error.toBody(requestId), status };
  return retryAfterSeconds === undefined ? body : { ...body, retry_after: retryAfterSeconds };
}

/** A failure that has its body already. */
export class RpcFailure extends RpcException {
  constructor(readonly body: RpcError) {
    super(body);
  }
}

/**
 * Answers every failure with an RpcError, also what guards and pipes of the host throw before a message is ours. What is
 * not expected is logged and told to nobody.
 */
@Catch()
export class RpcErrorFilter implements ExceptionFilter {
  readonly #logger = new Logger(RpcErrorFilter.name);

  catch(exception: unknown, host: ArgumentsHost): Observable<never> {
    return throwError(() => this.#bodyOf(exception, host.switchToRpc().getData()));
  }

  #bodyOf(exception: unknown, payload: unknown): RpcError {
    if (exception instanceof RpcFailure) return exception.body;
    const { requestId } = hintsOf(payload);
    // Whatever comes before us and says so refuses.
    if (exception instanceof RpcException) return rpcErrorOf(new AgentError('forbidden'), requestId);
    const error = expectedError(exception) ?? AgentError.from(exception);
    if (error.status >= 500) logFailure(this.#logger, exception, { request_id: requestId, msg: 'a message failed' });
    return rpcErrorOf(error, requestId);
  }
}
