import type { EvaluationContext, ResolutionDetails } from '@openfeature/server-sdk';
import type { FolderFlags } from './flags.file.js';

/** An OpenFeature provider for the flags of a folder. It evaluates them like flagd. All of them are strings. */
export class FolderProvider {
  readonly metadata = { name: 'rookery-folder' };

  /** @param flags may be replaced. */
  constructor(public flags: FolderFlags) {}

  async resolveStringEvaluation(
    key: string,
    fallback: string,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<string>> {
    return this.flags.core.resolveStringEvaluation(key, fallback, context);
  }

  /** True if the flag gives the value to some session in this context. Callers may choose the ids of their sessions. */
  couldChoose(key: string, value: string, context: EvaluationContext): boolean {
    const variants = [...(this.flags.core.getFlag(key)?.variants ?? [])];
    return variants.some(
      ([variant, each]) =>
        each === value && this.flags.favouring(key, variant).resolveStringEvaluation(key, '', context).value === value,
    );
  }
}
