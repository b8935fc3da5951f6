import { Injectable } from '@nestjs/common';
import {
  LanguageModel,
  type ModelCall,
  type ModelEvent,
  type ModelReply,
  type ModelRequest,
} from '../../models/language.model.js';
import { estimateTokens, estimateUsage } from '../../models/token.estimate.js';
import { Budgets, type Reservation } from '../../usage/budgets.js';
import { TokenRateLimiter } from '../../usage/token.rate-limiter.js';
import type { TokenUsage } from '../../usage/token.usage.js';
import { AgentMetrics } from '../../telemetry/agent.metrics.js';
import { ReplicaId } from '../recovery/replica.id.js';
import { type TracedModelCall, ModelCallSpan } from '../tracing/model-call.span.js';
import type { Run } from '../run.js';
import { TelemetryModuleOptions } from '../../telemetry/telemetry.options.js';

/** Rough estimate for aborted answers; tokenizing here would be too slow. */
const CHARACTERS_PER_TOKEN = 4;

/** The run and the agent that call a model. */
export interface ActiveAgent {
  readonly run: Run;
  readonly agent: { readonly role: string };
}

/** Calls models within the budgets of callers and records the usage. All model calls of runs go through it. */
@Injectable()
export class BudgetedModel {
  constructor(
    private readonly model: LanguageModel,
    private readonly budgets: Budgets,
    private readonly tokenLimiter: TokenRateLimiter,
    private readonly replica: ReplicaId,
    private readonly metrics: AgentMetrics,
    private readonly telemetry: TelemetryModuleOptions,
  ) {}

  /** The name of the provider in traces. */
  get provider(): string {
    return this.model.provider;
  }

  /** @throws as LanguageModel does, and AgentError `token_budget_exhausted`. */
  async reply(active: ActiveAgent, request: ModelRequest, call: ModelCall): Promise<ModelReply> {
    const metered = await this.#begin(active, request);
    const span = this.#span(active, { request: metered.request, isStreamed: false }, call);
    try {
      const reply = await span.run(() => this.model.reply(metered.request, span.call));
      metered.end(reply.usage, reply.model);
      span.end(reply);
      return reply;
    } catch (failure) {
      span.fail(failure);
      throw failure;
    } finally {
      metered.settleUnfinished(call.signal.aborted);
    }
  }

  /** @throws as `reply` */
  async *stream(active: ActiveAgent, request: ModelRequest, call: ModelCall): AsyncGenerator<ModelEvent> {
    const metered = await this.#begin(active, request);
    const span = this.#span(active, { request: metered.request, isStreamed: true }, call);
    try {
      for await (const event of span.startStream(() => this.model.stream(metered.request, span.call))) {
        if (event.type === 'delta') {
          metered.streamedCharacters += event.text.length;
          span.recordFirstDelta();
        } else {
          metered.end(event.reply.usage, event.reply.model);
          span.end(event.reply);
        }
        yield event;
      }
    } catch (failure) {
      span.fail(failure);
      throw failure;
    } finally {
      metered.settleUnfinished(call.signal.aborted);
      span.cancel();
    }
  }

  #span(
    { run, agent }: ActiveAgent,
    options: Pick<TracedModelCall, 'request' | 'isStreamed'>,
    call: ModelCall,
  ): ModelCallSpan {
    const { captureContent } = this.telemetry;
    const { provider } = this;
    return new ModelCallSpan({ ...options, run, role: agent.role, provider, captureContent }, call, this.metrics);
  }

  async #begin({ run, agent }: ActiveAgent, request: ModelRequest): Promise<MeteredCall> {
    const { principal } = run.context;
    const reservation = await this.budgets.reserve({
      principal,
      owner: this.replica.id,
      model: request.model,
      inputTokens: () => inputOf(request),
      maxOutputTokens: request.maxOutputTokens,
    });
    const settle = (model: string, usage: TokenUsage | undefined): void => {
      if (usage) this.#count(run, { role: agent.role, model, usage });
      this.tokenLimiter.add(principal, usage);
      void reservation?.settle(model, usage);
    };
    return new MeteredCall(run, agent.role, capped(request, reservation), settle);
  }

  #count(run: Run, { role, model, usage }: { role: string; model: string; usage: TokenUsage }): void {
    this.metrics.addTokens(role, model, usage);
    const cost = run.spending.costOf(model, usage);
    if (cost !== undefined) this.metrics.addCost(model, cost);
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
    private readonly run: Run,
    role: string,
    readonly request: ModelRequest,
    private readonly settle: (model: string, usage: TokenUsage | undefined) => void,
  ) {
    this.role = role;
    this.model = request.model;
    run.spending.begin(this);
  }

  estimate(): TokenUsage {
    return {
      inputTokens: inputOf(this.request),
      outputTokens: Math.ceil(this.streamedCharacters / CHARACTERS_PER_TOKEN),
    };
  }

  end(usage: TokenUsage, model: string): void {
    this.#isOver = true;
    this.run.spending.end(this, usage, model);
    this.settle(model, usage);
  }

  /** Settles an unfinished call. A failure before the first text is free; an aborted call is charged by estimate. */
  settleUnfinished(isAborted: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const usage = isAborted || this.streamedCharacters > 0 ? this.estimate() : undefined;
    this.run.spending.end(this, usage);
    this.settle(this.model, usage);
  }
}

/** Estimates the input tokens. Providers also count the schemas of tools as input. */
function inputOf(request: ModelRequest): number {
  const tools = request.tools.length === 0 ? 0 : estimateTokens(JSON.stringify(request.tools));
  return estimateUsage(request, '').inputTokens + tools;
}

function capped(request: ModelRequest, reservation: Reservation | undefined): ModelRequest {
  return reservation ? { ...request, maxOutputTokens: reservation.maxOutputTokens } : request;
}
