import { Injectable, Logger } from '@nestjs/common';
import { type Access, AccessAudit } from '../auth/access.audit.js';
import type { AuthFailure } from '../auth/auth.failure.js';
import type { Principal } from '../auth/principal.js';
import { Database } from '../storage/database.js';
import { actorOf, appendAudit, type AuditEvent } from './audit.record.js';
import { HourlyLimit } from './hourly.limit.js';

/** The tenant of an entry about a caller who is not authenticated. No tenant can have this name. */
const NO_TENANT = '*';

/** Stores accesses in the audit. The bounds hold for each process. */
@Injectable()
export class StoredAccessAudit extends AccessAudit {
  readonly #logger = new Logger(StoredAccessAudit.name);
  readonly #reads = new HourlyLimit(10_000);
  readonly #denials = new HourlyLimit(1000);
  readonly #failures = new HourlyLimit(100);

  constructor(private readonly database: Database) {
    super();
  }

  override async tenantRead({ principal, route, requestId }: Access, tenant: string): Promise<void> {
    const key = JSON.stringify([principal.id, tenant]);
    if (!this.#reads.admits(key)) return;
    const details = { route, operator_tenant: principal.tenant };
    const actor = actorOf(principal, requestId);
    try {
      await this.#append({ action: 'tenant.read', tenant, actor, target: `tenant:${tenant}`, details });
    } catch (failure) {
      this.#reads.forget(key);
      throw failure;
    }
  }

  override async denied({ principal, route, requestId }: Access): Promise<void> {
    const { tenant } = principal;
    if (!this.#denials.admits(JSON.stringify([nameOf(principal), tenant, route]))) return;
    const actor = actorOf(principal, requestId);
    await this.#tryAppend({ action: 'auth.denied', tenant, actor, target: `route:${route}` });
  }

  override async failed({ reason, key }: AuthFailure): Promise<void> {
    // Nobody has tried to log in.
    if (reason === 'missing' || !this.#failures.admits(JSON.stringify([reason, key?.id]))) return;
    await this.#tryAppend({
      action: 'auth.failed',
      tenant: key?.tenant ?? NO_TENANT,
      actor: { id: 'anonymous' },
      target: key ? `key:${key.id}` : 'authentication',
      details: { reason },
    });
  }

  async #append(event: AuditEvent): Promise<void> {
    await this.database.write((transaction) => Promise.resolve(appendAudit(transaction, event)));
  }

  async #tryAppend(event: AuditEvent): Promise<void> {
    try {
      await this.#append(event);
    } catch (cause) {
      this.#logger.warn({ cause, action: event.action, msg: 'an access could not be stored in the audit' });
    }
  }
}

/** All callers without authentication count as one. */
function nameOf({ id }: Principal): string {
  return id.startsWith('ip:') ? 'anonymous' : id;
}
