import { ApiSchema } from '@nestjs/swagger';
/** That the service lives. */
@ApiSchema({ name: 'Health' })
export class Health {
  /** @example 'ok' */
  status: 'ok';
}

/** Whether the service can take work, and if not, what stands in the way. */
@ApiSchema({ name: 'Readiness' })
export class Readiness {
  /** @example 'ok' */
  status: 'ok' | 'unavailable';

  /** @example 'ok' */
  database: 'ok' | 'down';

  /**
   * Only where REDIS_URL is set.
   * @example 'ok'
   */
  redis?: 'ok' | 'down';

  /** @example 'accepted' */
  runs: 'accepted' | 'draining';
}
