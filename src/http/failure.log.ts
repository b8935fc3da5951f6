import type { Logger } from '@nestjs/common';
import { AgentError } from '../errors/agent.error.js';
import { outageIn } from '../storage/database.unavailable.js';

/** Logs an unexpected failure with its cause, and an outage in one short line: it affects many requests. */
export function logFailure(logger: Logger, failure: unknown, line: object): void {
  const outage = outageIn(failure);
  if (outage) logger.warn({ ...line, error: outage.code, reason: outage.reason });
  else if (!(failure instanceof AgentError)) logger.error({ ...line, cause: failure });
}
