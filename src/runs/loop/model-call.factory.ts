import { Logger } from '@nestjs/common';
import type { ModelCall, ModelChange, ModelRoute } from '../../models/language.model.js';
import type { Run } from '../run.js';

const logger = new Logger('ModelCall');

/** The limits of a model call. */
type CallLimits = Pick<ModelCall, 'signal' | 'deadlineAt'>;

/** Builds a model call that ends with the run and logs a fallback to another model. */
export function createModelCall(run: Run, { signal, deadlineAt }: CallLimits = run): ModelCall {
  return { signal, deadlineAt, onFallback: (change) => logFallback(run, change) };
}

function logFallback({ id, context }: Run, { from, to, error }: ModelChange): void {
  logger.warn({
    run_id: id,
    request_id: context.requestId,
    from: routeName(from),
    to: routeName(to),
    error: error.code,
    cause: error.cause,
    msg: 'another model is asked instead',
  });
}

function routeName({ upstream, model }: ModelRoute): string {
  return `${model} at ${upstream}`;
}
