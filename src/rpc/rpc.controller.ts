import {
  type BeforeApplicationShutdown,
  Controller,
  Inject,
  Logger,
  type OnModuleDestroy,
  UseFilters,
} from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { within } from '../async/within.js';
import { Authenticator } from '../auth/authenticator.js';
import { AccessAudit } from '../auth/access.audit.js';
import { CallerNames } from '../auth/caller.names.js';
import { AuthThrottle } from '../auth/auth.throttle.js';
import { inTenant } from '../auth/principal.js';
import { AgentRequest } from '../chat/agent-request.dto.js';
import type { AgentResponse } from '../runs/api/agent-response.dto.js';
import { RateLimiter } from '../http/throttling/rate.limiter.js';
import { idempotencyKeyOf } from '../http/idempotency-key.decorator.js';
import { RequestPipe } from '../http/validation/validation.pipe.js';
import { AgentRunnerService } from '../runs/agent-runner.service.js';
import { TaskPath, TaskRequest, TaskResponse } from '../tasks/tasks.dto.js';
import { TasksService } from '../tasks/tasks.service.js';
import { withCallerSignal } from './rpc.caller.js';
import { type RpcCall, RpcCalls, type RpcEnd, type RpcRequest } from './rpc.calls.js';
import { TaskMessage } from './rpc.dto.js';
import { RpcErrorFilter } from './rpc.failure.js';
import { canDrain, type DrainingServer } from './draining.server.js';

const pipe = new RequestPipe();

/** Time limit for the last answers. All runs have ended by then, so only short calls remain. */
const DRAIN_TIMEOUT_MS = 5000;

/**
 * The message patterns for other Nest services, with the functions of version 1 of the API. Pass it to
 * `AgentModule.forRoot`. The application also needs a microservice.
 *
 * A payload is the HTTP body of the same call, plus the fields of `RpcEnvelope`. An answer is the HTTP body of the
 * answer. An error is an `RpcError`. A subclass may override `ended` to log each message.
 *
 * @example
 * import { Module } from '@nestjs/common';
 * import { NestFactory } from '@nestjs/core';
 * import { AgentModule } from 'rookery';
 * import { RpcController, rpcServer } from 'rookery/rpc';
 *
 * \@Module({ imports: [AgentModule.forRoot({ rpc: RpcController, auth: 'api-key' })], providers: [PoetAgent] })
 * export class AppModule {}
 *
 * const app = await NestFactory.create(AppModule);
 * app.connectMicroservice({ strategy: rpcServer({ transport: 'tcp', host: '127.0.0.1', port: 8001 }) });
 * await app.startAllMicroservices();
 *
 * @example
 * import type { ClientProxy } from '@nestjs/microservices';
 * import { firstValueFrom } from 'rxjs';
 * import type { AgentRequest, AgentResponse } from 'rookery';
 * import type { RpcEnvelope } from 'rookery/rpc';
 *
 * // In another service.
 * async function ask(agents: ClientProxy, message: string) {
 *   const payload: AgentRequest & RpcEnvelope = { message, credentials: process.env.AGENTS_KEY };
 *   return await firstValueFrom(agents.send<AgentResponse>('agent.chat', payload));
 * }
 */
@Controller()
@UseFilters(RpcErrorFilter)
export class RpcController implements OnModuleDestroy, BeforeApplicationShutdown {
  protected readonly logger = new Logger(RpcController.name);
  readonly #servers = new Set<DrainingServer>();
  readonly #calls: RpcCalls;
  // Properties, so that constructors of subclasses stay as they are.
  @Inject(CallerNames) private readonly names: CallerNames;
  @Inject(AccessAudit) private readonly access: AccessAudit;

  constructor(
    private readonly runner: AgentRunnerService,
    private readonly tasks: TasksService,
    authenticator: Authenticator,
    authThrottle: AuthThrottle,
    limiter: RateLimiter,
    modules: ModulesContainer,
  ) {
    // Not a provider: a host without microservices need not load them.
    this.#calls = new RpcCalls(authenticator, authThrottle, limiter, () => ({
      names: this.names,
      access: this.access,
    }));
    // Nest calls the hooks of this controller only after the background runs have ended. Messages must go to other
    // replicas before that.
    runner.onDraining(() => this.#drain());
    modules.getRpcTargetRegistry<unknown>().subscribe((server) => {
      if (canDrain(server)) this.#servers.add(server);
    });
  }

  /** Same as `POST /api/v1/agent/chat`. */
  @MessagePattern('agent.chat')
  chat(@Payload() payload: unknown, @Ctx() context: unknown): Promise<AgentResponse> {
    const request = { pattern: 'agent.chat', scope: 'chat', status: 200, payload, context } as const;
    return this.#answer(request, async (call) => {
      const body = await validate(call.body, AgentRequest);
      const { principal, requestId, headers } = call;
      const idempotencyKey = idempotencyKeyOf({ headers });
      return await withCallerSignal(call, (signal) =>
        this.runner.run(body, { principal, requestId, signal, idempotencyKey }),
      );
    });
  }

  /** Same as `POST /api/v1/agent/tasks`. */
  @MessagePattern('agent.tasks.create')
  createTask(@Payload() payload: unknown, @Ctx() context: unknown): Promise<TaskResponse> {
    const request = { pattern: 'agent.tasks.create', scope: 'tasks', status: 202, payload, context } as const;
    return this.#answer(request, async ({ body, principal, requestId, headers }) => {
      const submission = await validate(body, TaskRequest);
      const idempotencyKey = idempotencyKeyOf({ headers });
      const { task } = await this.tasks.submit(submission, { principal, requestId, idempotencyKey });
      return TaskResponse.from(task);
    });
  }

  /** Same as `GET /api/v1/agent/tasks/{task_id}`. */
  @MessagePattern('agent.tasks.get')
  getTask(@Payload() payload: unknown, @Ctx() context: unknown): Promise<TaskResponse> {
    const request = { pattern: 'agent.tasks.get', scope: 'tasks', status: 200, payload, context } as const;
    return this.#answer(request, async ({ body, principal }) => {
      const { task_id, tenant } = await validate(body, TaskMessage);
      return TaskResponse.from(await this.tasks.get(task_id, inTenant(principal, tenant)));
    });
  }

  /** Same as `POST /api/v1/agent/tasks/{task_id}/cancel`. */
  @MessagePattern('agent.tasks.cancel')
  cancelTask(@Payload() payload: unknown, @Ctx() context: unknown): Promise<TaskResponse> {
    const request = { pattern: 'agent.tasks.cancel', scope: 'tasks', status: 202, payload, context } as const;
    return this.#answer(request, async ({ body, principal }) => {
      const { task_id, tenant } = await validate(body, TaskMessage);
      return TaskResponse.from(await this.tasks.cancel(task_id, inTenant(principal, tenant)));
    });
  }

  /** Same as `POST /api/v1/agent/tasks/{task_id}/retry`. */
  @MessagePattern('agent.tasks.retry')
  retryTask(@Payload() payload: unknown, @Ctx() context: unknown): Promise<TaskResponse> {
    const request = { pattern: 'agent.tasks.retry', scope: 'tasks', status: 202, payload, context } as const;
    return this.#answer(request, async ({ body, principal, requestId, headers }) => {
      const { task_id } = await validate(body, TaskPath);
      const idempotencyKey = idempotencyKeyOf({ headers });
      const { task } = await this.tasks.retry(task_id, { principal, requestId, idempotencyKey });
      return TaskResponse.from(task);
    });
  }

  /** Leaves new messages to the other replicas, if the transport allows it. */
  onModuleDestroy(): void {
    this.#drain();
  }

  /** Before the transports close, waits until the runs have ended and the last callers are answered. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.runner.beforeApplicationShutdown();
    await within(DRAIN_TIMEOUT_MS, this.#calls.idle());
  }

  /** Called after every message, whether it succeeded or failed. */
  protected ended(end: RpcEnd): void {
    this.logger.debug({ ...end, msg: 'request' });
  }

  #drain(): void {
    for (const server of this.#servers) server.drain();
  }

  #answer<T>(request: RpcRequest, work: (call: RpcCall) => Promise<T>): Promise<T> {
    return this.#calls.answer(request, work, (end) => this.ended(end));
  }
}

/** @throws AgentError `validation_failed` */
async function validate<T extends object>(body: unknown, metatype: new () => T): Promise<T> {
  const value = await pipe.transform(body, { type: 'body', metatype });
  if (value instanceof metatype) return value;
  throw new Error(`The validated value is not a ${metatype.name}.`);
}
