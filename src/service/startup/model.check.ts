import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { AgentError, LanguageModel } from '../../index.js';

const TIMEOUT_MS = 30_000;
/** Most models answer with a word. Others think first. */
const MAX_OUTPUT_TOKENS = 256;

/** Asks the model once, so that a wrong setting shows at the start. Nothing depends on the outcome. */
@Injectable()
export class ModelCheck implements OnApplicationShutdown {
  readonly #logger = new Logger(ModelCheck.name);
  readonly #stopped = new AbortController();

  constructor(private readonly modules: ModuleRef) {}

  /** Logs whether the model answers. Never throws. */
  async run(name: string): Promise<void> {
    const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    const began = performance.now();
    const request = {
      model: name,
      instructions: 'Answer with one word.',
      messages: [{ role: 'user', content: 'Are you there?' } as const],
      tools: [],
      output: undefined,
      temperature: 0,
      maxOutputTokens: MAX_OUTPUT_TOKENS,
    };
    try {
      const { model } = await this.modules
        .get(LanguageModel, { strict: false })
        .reply(request, { signal, deadlineAt: began + TIMEOUT_MS });
      this.#logger.log({ model, duration_ms: Math.round(performance.now() - began), msg: 'the model answers' });
    } catch (failure) {
      if (this.#stopped.signal.aborted) return;
      const { code, cause } = AgentError.from(failure);
      this.#logger.warn({ model: name, error: code, cause, msg: 'the model does not answer; runs will fail' });
    }
  }

  onApplicationShutdown(): void {
    this.#stopped.abort();
  }
}
