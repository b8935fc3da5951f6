import { Logger } from '@nestjs/common';
import type { ModelCall, ModelRoute } from '../../models/language.model.js';
import type { Run } from '../run.js';

const logger = new Logger('ModelCall');

/** Builds a model call that ends with the run and logs a fallback to another model. */
export function createModelCall(
  run: Run,
  { signal, deadlineAt }: Pick<ModelCall, 'signal' | 'deadlineAt'> = run,
): ModelCall {
  return {
    signal,
    deadlineAt,
    onFallback: ({ from, to, error }) =>
      logger.warn({
        run_id: run.id,
        request_id: run.context.requestId,
        from: routeName(from),
        to: routeName(to),
        error: error.code,
        cause: error.cause,
        msg: 'another model is asked instead',
      }),
  };
}

function routeName({ upstream, model }: ModelRoute): string {
  return `${model} at ${upstream}`;
}
