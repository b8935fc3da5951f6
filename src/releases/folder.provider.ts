import type { FlagdCore } from '@openfeature/flagd-core';
import type { EvaluationContext, JsonValue, Provider, ResolutionDetails } from '@openfeature/server-sdk';

/** An OpenFeature provider for the flags of a folder. It evaluates them like flagd. */
export class FolderProvider implements Provider {
  readonly metadata = { name: 'rookery-folder' };
  readonly runsOn = 'server';
  #flags: FlagdCore;

  constructor(flags: FlagdCore) {
    this.#flags = flags;
  }

  /** Replaces the flags. */
  replaceFlags(flags: FlagdCore): void {
    this.#flags = flags;
  }

  async resolveStringEvaluation(
    key: string,
    fallback: string,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<string>> {
    return this.#flags.resolveStringEvaluation(key, fallback, context);
  }

  async resolveBooleanEvaluation(
    key: string,
    fallback: boolean,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<boolean>> {
    return this.#flags.resolveBooleanEvaluation(key, fallback, context);
  }

  async resolveNumberEvaluation(
    key: string,
    fallback: number,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<number>> {
    return this.#flags.resolveNumberEvaluation(key, fallback, context);
  }

  async resolveObjectEvaluation<T extends JsonValue>(
    key: string,
    fallback: T,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<T>> {
    return this.#flags.resolveObjectEvaluation(key, fallback, context);
  }
}
