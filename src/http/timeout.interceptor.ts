import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  Logger,
  type NestInterceptor,
  SetMetadata,
} from '@nestjs/common';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { RequestScope } from '../async/request.scope.js';
import { AgentError } from '../errors/agent.error.js';
import { logFailure } from './failure.log.js';
import { HttpModuleOptions } from './http.options.js';
import { requestIdOf } from './http.types.js';

const UNLIMITED = 'rookery:unlimited';

/** Exempts a route from the time limit of requests: it has its own limit, or takes as long as its data. */
export const WithoutTimeout = (): MethodDecorator => SetMetadata(UNLIMITED, true);

/** Whether the time limit of requests applies to a route. */
export function isLimited(handler: object): boolean {
  return !Reflect.hasMetadata(UNLIMITED, handler);
}

/**
 * Answers `request_timeout` if a request takes longer than its limit, and aborts its work. A commit that has begun is
 * waited for.
 */
@Injectable()
export class TimeoutInterceptor implements NestInterceptor {
  readonly #logger = new Logger(TimeoutInterceptor.name);

  constructor(private readonly options: HttpModuleOptions) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const limit = { timeoutMs: this.options.requestTimeoutMs, reason: () => new AgentError('request_timeout') };
    return from(RequestScope.run(limit, () => this.#answer(context, next)));
  }

  /** Logs a failure that comes too late for an answer. */
  async #answer(context: ExecutionContext, next: CallHandler): Promise<unknown> {
    try {
      return await lastValueFrom(next.handle(), { defaultValue: undefined });
    } catch (failure) {
      if (RequestScope.current?.isLate === true) {
        const requestId = requestIdOf(context.switchToHttp().getRequest());
        logFailure(this.#logger, failure, { request_id: requestId, msg: 'a request failed after its time limit' });
      }
      throw failure;
    }
  }
}
