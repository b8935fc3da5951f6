import { ApiSchema } from '@nestjs/swagger';
/** The service is alive. */
@ApiSchema({ name: 'Health' })
export class Health {
  /** @example 'ok' */
  status: 'ok';
}

/** The readiness of the service and of its dependencies. */
@ApiSchema({ name: 'Readiness' })
export class Readiness {
  /** @example 'ok' */
  status: 'ok' | 'unavailable';

  /** @example 'ok' */
  database: 'ok' | 'down';

  /**
   * Only present if REDIS_URL is set.
   * @example 'ok'
   */
  redis?: 'ok' | 'down';

  /** @example 'accepted' */
  runs: 'accepted' | 'draining';
}
