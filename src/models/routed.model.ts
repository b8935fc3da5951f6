import type { OnApplicationShutdown } from '@nestjs/common';
import {
  LanguageModel,
  type ModelCall,
  type ModelEvent,
  type ModelReply,
  type ModelRequest,
  type ModelTarget,
} from './language.model.js';
import type { ModelControl } from './model.controls.js';
import type { ModelUpstream, UpstreamModel } from './model.upstream.js';

/** The models that requests may name. */
export interface ModelRoutes {
  /** Has every model without a name of its own. */
  readonly own: ModelUpstream;
  readonly named: ReadonlyMap<string, UpstreamModel>;
}

/** Calls the model that a request names, at its provider. */
export class RoutedModel extends LanguageModel implements OnApplicationShutdown {
  constructor(private readonly routes: ModelRoutes) {
    super();
  }

  override get provider(): string {
    return this.routes.own.model.provider;
  }

  override targetOf(model: string): ModelTarget {
    const { upstream, model: own } = this.routeOf(model);
    return upstream.model.targetOf(own);
  }

  override supports(control: ModelControl, model: string): boolean {
    const { upstream, model: own } = this.routeOf(model);
    return upstream.model.supports(control, own);
  }

  nameFor(model: string): string {
    const { upstream, model: own } = this.routeOf(model);
    return upstream.model.nameFor(own);
  }

  reply(request: ModelRequest, call: ModelCall): Promise<ModelReply> {
    const { upstream, model } = this.routeOf(request.model);
    return upstream.model.reply({ ...request, model }, call);
  }

  stream(request: ModelRequest, call: ModelCall): AsyncIterable<ModelEvent> {
    const { upstream, model } = this.routeOf(request.model);
    return upstream.model.stream({ ...request, model }, call);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(Array.from(this.upstreams(), ({ model }) => close(model)));
  }

  protected routeOf(model: string): UpstreamModel {
    return this.routes.named.get(model) ?? { upstream: this.routes.own, model };
  }

  protected upstreams(): ReadonlySet<ModelUpstream> {
    const { own, named } = this.routes;
    return new Set([own, ...[...named.values()].map(({ upstream }) => upstream)]);
  }
}

async function close(model: LanguageModel & Partial<OnApplicationShutdown>): Promise<void> {
  await model.onApplicationShutdown?.();
}
