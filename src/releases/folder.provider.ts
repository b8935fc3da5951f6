import type { FlagdCore } from '@openfeature/flagd-core';
import type { EvaluationContext, ResolutionDetails } from '@openfeature/server-sdk';

/** An OpenFeature provider for the flags of a folder. It evaluates them like flagd. All of them are strings. */
export class FolderProvider {
  readonly metadata = { name: 'rookery-folder' };

  /** @param flags may be replaced. */
  constructor(public flags: FlagdCore) {}

  async resolveStringEvaluation(
    key: string,
    fallback: string,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<string>> {
    return this.flags.resolveStringEvaluation(key, fallback, context);
  }
}
