import { Injectable, Logger } from '@nestjs/common';
import {
  LanguageModel,
  type ModelCall,
  type ModelEvent,
  type ModelReply,
  type ModelRequest,
  type ModelTarget,
} from '../../models/language.model.js';
import { estimateTokens, estimateUsage } from '../../models/token.estimate.js';
import { Budgets, type Reservation } from '../../usage/budgets.js';
import { TokenRateLimiter } from '../../usage/token.rate-limiter.js';
import type { TokenUsage } from '../../usage/token.usage.js';
import { AgentMetrics } from '../../telemetry/agent.metrics.js';
import { ReplicaId } from '../recovery/replica.id.js';
import { ModelCallSpan } from '../tracing/model-call.span.js';
import type { ActiveAgent } from '../run.js';
import { TelemetryModuleOptions } from '../../telemetry/telemetry.options.js';

/** Rough estimate for aborted answers; tokenizing here would be too slow. */
const CHARACTERS_PER_TOKEN = 4;
/** No model reads or writes more tokens in one call. The total of a run has to fit into 31 bits. */
const MAX_TOKENS_PER_CALL = 10_000_000;

/** Calls models within the budgets of callers and records the usage. All model calls of runs go through it. */
@Injectable()
export class BudgetedModel {
  readonly #logger = new Logger(BudgetedModel.name);

  constructor(
    private readonly model: LanguageModel,
    private readonly budgets: Budgets,
    private readonly tokenLimiter: TokenRateLimiter,
    private readonly replica: ReplicaId,
    private readonly metrics: AgentMetrics,
    private readonly telemetry: TelemetryModuleOptions,
  ) {}

  /** As LanguageModel has it. */
  targetOf(model: string): ModelTarget {
    return this.model.targetOf(model);
  }

  /** @throws as LanguageModel does, and AgentError `token_budget_exhausted`. */
  async reply(active: ActiveAgent, request: ModelRequest, call: ModelCall): Promise<ModelReply> {
    const metered = await this.#begin(active, request, call, false);
    const { span } = metered;
    try {
      const reply = this.#withUsage(await span.run(() => this.model.reply(span.traced.request, span.call)), request);
      metered.end(reply);
      return reply;
    } catch (failure) {
      span.fail(failure);
      throw failure;
    } finally {
      metered.close(call.signal.aborted);
      await metered.reservation?.beginMonth();
    }
  }

  /** @throws as `reply` */
  async *stream(active: ActiveAgent, request: ModelRequest, call: ModelCall): AsyncGenerator<ModelEvent> {
    const metered = await this.#begin(active, request, call, true);
    const { span } = metered;
    try {
      for await (const event of span.startStream(() => this.model.stream(span.traced.request, span.call))) {
        if (event.type === 'delta') {
          metered.streamedCharacters += event.text.length;
          span.recordFirstDelta();
          yield event;
        } else if (event.type === 'reasoning.delta') {
          yield event;
        } else if (event.type === 'reasoning') {
          metered.streamedCharacters += event.reasoning.text.length;
          yield event;
        } else {
          const reply = this.#withUsage(event.reply, request);
          metered.end(reply);
          yield { ...event, reply };
        }
      }
    } catch (failure) {
      span.fail(failure);
      throw failure;
    } finally {
      metered.close(call.signal.aborted);
      await metered.reservation?.beginMonth();
    }
  }

  /** Estimates the usage if the model reports an impossible one, which no database could store. */
  #withUsage(reply: ModelReply, request: ModelRequest): ModelReply {
    const { inputTokens, outputTokens, cachedTokens = 0, reasoningTokens = 0 } = reply.usage;
    const counts = [inputTokens, outputTokens, cachedTokens, reasoningTokens];
    if (counts.every((count) => Number.isInteger(count) && count >= 0 && count <= MAX_TOKENS_PER_CALL)) return reply;
    const { model } = reply;
    this.#logger.warn({ model, counts, msg: 'a model reported an impossible number of tokens; they are estimated' });
    return { ...reply, usage: estimateUsage(request, reply.text) };
  }

  async #begin(
    { run, agent: { role } }: ActiveAgent,
    given: ModelRequest,
    call: ModelCall,
    isStreamed: boolean,
  ): Promise<MeteredCall> {
    const { principal } = run.context;
    const { model, provider } = this.targetOf(given.model);
    const reservation = await this.budgets.reserve({
      principal,
      owner: this.replica.id,
      model,
      inputTokens: () => inputOf(given),
      maxOutputTokens: given.maxOutputTokens,
    });
    const request = reservation
      ? { ...given, maxOutputTokens: reservation.maxOutputTokens, isOutputLimitRequired: true }
      : given;
    const { captureContent } = this.telemetry;
    const traced = { run, role, provider, model, request, isStreamed, captureContent };
    const span = new ModelCallSpan(traced, call, this.metrics);
    return new MeteredCall(span, reservation, (answering, usage) => {
      if (usage) {
        this.metrics.addTokens(role, answering, usage);
        const cost = run.spending.costOf(answering, usage);
        if (cost !== undefined) this.metrics.addCost(answering, cost);
      }
      this.tokenLimiter.add(principal, usage);
      void reservation?.settle(answering, usage);
    });
  }
}

/** One model call, counted exactly once. */
class MeteredCall {
  /** Characters received so far. */
  streamedCharacters = 0;
  #isOver = false;
  readonly role: string;
  readonly model: string;

  constructor(
    readonly span: ModelCallSpan,
    readonly reservation: Reservation | undefined,
    private readonly settle: (model: string, usage: TokenUsage | undefined) => void,
  ) {
    const { run, role, model } = span.traced;
    this.role = role;
    this.model = model;
    run.spending.begin(this);
  }

  estimate(): TokenUsage {
    return {
      inputTokens: inputOf(this.span.traced.request),
      outputTokens: Math.ceil(this.streamedCharacters / CHARACTERS_PER_TOKEN),
    };
  }

  end(reply: ModelReply): void {
    this.#count(reply.usage, reply.model);
    this.span.end(reply);
  }

  /** Settles an unfinished call. A failure before the first text is free; an aborted call is charged by estimate. */
  close(isAborted: boolean): void {
    if (!this.#isOver) this.#count(isAborted || this.streamedCharacters > 0 ? this.estimate() : undefined);
    this.span.cancel();
  }

  #count(usage: TokenUsage | undefined, model = this.model): void {
    this.#isOver = true;
    this.span.traced.run.spending.end(this, usage, model);
    this.settle(model, usage);
  }
}

/** Estimates the input tokens. Providers also count the schemas of tools as input. */
function inputOf(request: ModelRequest): number {
  const tools = request.tools.length === 0 ? 0 : estimateTokens(JSON.stringify(request.tools));
  return estimateUsage(request, '').inputTokens + tools;
}
