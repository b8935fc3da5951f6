import { AgentError } from '../errors/agent.error.js';
import type { LanguageModel, ModelCall, ModelEvent, ModelReply, ModelRequest, ModelRoute } from './language.model.js';
import { attemptDeadline } from './attempt.deadline.js';
import { controlsOf } from './model.controls.js';
import type { ModelBreaker, ModelUpstream, UpstreamModel } from './model.upstream.js';
import { isRetryableElsewhere } from './openai/provider.failure.js';
import { type ModelRoutes, RoutedModel } from './routed.model.js';

type ModelInvocation = (model: LanguageModel, request: ModelRequest, call: ModelCall) => AsyncIterable<ModelEvent>;

/**
 * Calls the agent's own model, and fallback models while it fails. It does not fall back after a part of the answer was
 * sent, nor if the request itself is refused.
 */
export class FallbackModel extends RoutedModel {
  constructor(
    routes: ModelRoutes,
    private readonly fallbacks: readonly UpstreamModel[],
  ) {
    super(routes);
    // Creates the breakers now, so that they are listed before the first call.
    for (const { upstream, model } of fallbacks) upstream.breaker(model);
  }

  override async reply(request: ModelRequest, call: ModelCall): Promise<ModelReply> {
    for await (const event of this.#invoke(request, call, invokeReply)) {
      if (event.type === 'reply') return event.reply;
    }
    throw new AgentError('model_error');
  }

  override stream(request: ModelRequest, call: ModelCall): AsyncGenerator<ModelEvent> {
    return this.#invoke(request, call, invokeStream);
  }

  /** The breakers of the fallbacks, and of every other model that was called. */
  breakers(): ModelBreaker[] {
    return [...this.upstreams()].flatMap((upstream) => upstream.breakers());
  }

  protected override upstreams(): ReadonlySet<ModelUpstream> {
    return new Set([...super.upstreams(), ...this.fallbacks.map(({ upstream }) => upstream)]);
  }

  async *#invoke(request: ModelRequest, call: ModelCall, invoke: ModelInvocation): AsyncGenerator<ModelEvent> {
    const candidates = this.#candidatesFor(request);
    for (const [index, candidate] of candidates.entries()) {
      const remaining = candidates.slice(index + 1);
      const deadline = attemptDeadline(call, remaining.some(isAvailable));
      let hasBegun = false;
      try {
        const attempt = (): AsyncIterable<ModelEvent> =>
          invoke(candidate.upstream.model, { ...request, model: candidate.model }, deadline.call);
        for await (const event of withBreaker(candidate, call.signal, attempt)) {
          // The reasoning may begin again.
          if (event.type !== 'reasoning.delta') {
            hasBegun = true;
            deadline.end();
          }
          yield event;
        }
        return;
      } catch (failure) {
        call.signal.throwIfAborted();
        const [next] = remaining;
        if (hasBegun || next === undefined || !isRetryableElsewhere(failure)) throw failure;
        call.onFallback?.({ from: routeOf(candidate), to: routeOf(next), error: failure });
      } finally {
        deadline.end();
      }
    }
  }

  /** The model of the request, then the others that support all of its parts; each once. */
  #candidatesFor(request: ModelRequest): UpstreamModel[] {
    const controls = controlsOf(request);
    const others = this.fallbacks.filter(({ upstream, model }) =>
      controls.every((control) => upstream.model.supports(control, model)),
    );
    const all = [this.routeOf(request.model), ...others];
    return all.filter((each, index) => all.findIndex((other) => isSame(each, other)) === index);
  }
}

/** The events of a call. Reports its outcome to the breaker. */
async function* withBreaker(
  { upstream, model }: UpstreamModel,
  signal: AbortSignal,
  invoke: () => AsyncIterable<ModelEvent>,
): AsyncGenerator<ModelEvent> {
  const breaker = upstream.breaker(model);
  const attempt = breaker.begin();
  if (attempt === undefined) throw circuitOpenError(breaker.waitMs);
  // A model that ignores its signal would keep a probe forever.
  const onAbort = (): void => attempt.abandon();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    for await (const event of invoke()) {
      // Other calls wait for a probe, so its first event already counts as a success.
      if (attempt.isProbe || event.type === 'reply') attempt.succeed();
      yield event;
    }
  } catch (failure) {
    if (isRetryableElsewhere(failure)) attempt.fail();
    // The model answered: the request is at fault. A lost database proves nothing about the model.
    else if (failure instanceof AgentError && failure.code !== 'storage_unavailable') attempt.succeed();
    throw failure;
  } finally {
    signal.removeEventListener('abort', onAbort);
    attempt.abandon();
  }
}

function isAvailable({ upstream, model }: UpstreamModel): boolean {
  return !upstream.breaker(model).isRefusing;
}

function isSame(one: UpstreamModel, other: UpstreamModel): boolean {
  return one.upstream === other.upstream && routeOf(one).model === routeOf(other).model;
}

function routeOf({ upstream, model }: UpstreamModel): ModelRoute {
  return upstream.route(model);
}

function circuitOpenError(waitMs: number): AgentError {
  const detail = 'The model provider failed too often and is not called for a while.';
  return new AgentError(
    'model_unavailable',
    { detail, retryAfterSeconds: waitMs / 1000 },
    { cause: { breaker: 'open' } },
  );
}

async function* invokeReply(model: LanguageModel, request: ModelRequest, call: ModelCall): AsyncGenerator<ModelEvent> {
  yield { type: 'reply', reply: await model.reply(request, call) };
}

function invokeStream(model: LanguageModel, request: ModelRequest, call: ModelCall): AsyncIterable<ModelEvent> {
  return model.stream(request, call);
}
