import { Logger } from '@nestjs/common';
import type { ModelCall, ModelChange, ModelRoute } from '../models/language.model.js';
import type { Run } from './run.js';

const logger = new Logger('ModelCall');

/** How long the caller of a model waits. */
type Bounds = Pick<ModelCall, 'signal' | 'deadlineAt'>;

/** A run's call of its model: it ends with the run, and a model that steps in for another is told of in the log. */
export function modelCallOf(run: Run, { signal, deadlineAt }: Bounds = run): ModelCall {
  return { signal, deadlineAt, onFallback: (change) => report(run, change) };
}

function report({ id, context }: Run, { from, to, error }: ModelChange): void {
  logger.warn({
    run_id: id,
    request_id: context.requestId,
    from: nameOf(from),
    to: nameOf(to),
    error: error.code,
    cause: error.cause,
    msg: 'another model is asked instead',
  });
}

function nameOf({ upstream, model }: ModelRoute): string {
  return `${model} at ${upstream}`;
}
