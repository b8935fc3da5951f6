import type { Logger } from '@nestjs/common';
import { AgentError } from '../errors/agent.error.js';
import { outageIn } from '../storage/database.away.js';

/** Logs why a call failed if its caller is not told: an outage in one short line, since there are many of them. */
export function logFailure(logger: Logger, failure: unknown, line: object): void {
  const outage = outageIn(failure);
  if (outage) logger.warn({ ...line, error: outage.code, reason: outage.reason });
  else if (!(failure instanceof AgentError)) logger.error({ ...line, cause: failure });
}
