import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { type Actor, actorOf, appendAudit } from '../audit/audit.record.js';
import { idOfSubject, type Principal } from '../auth/principal.js';
import { ignoreCodes } from '../errors/agent.error.js';
import { isStored } from './known.end-user.js';
import { KeysService } from '../keys/keys.service.js';
import { SessionWaiters } from '../runs/admission/session.waiters.js';
import { forgetDecider } from '../runs/journal/run.decisions.js';
import { ERASED_END_USER } from '../runs/recovery/cancel.reasons.js';
import { RunControl } from '../runs/recovery/run.control.js';
import { eraseRuns, WEBHOOK_TABLES } from '../sessions/session.deletion.js';
import { endUserTarget, tenantTarget } from '../sessions/erasure.targets.js';
import type { Erased } from '../sessions/session.deletion.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { beforeCommit } from '../storage/before.commit.js';
import { Database } from '../storage/database.js';
import { UsageRepository } from '../usage/usage.repository.js';
import type { ErasedTenantData } from './privacy.dto.js';
import type { RequestIds } from '../http/http.types.js';

/** Rows per commit. Small commits keep other writes from waiting. */
const BATCH = 200;
/** The tables whose rows may outlive their runs. */
const WITHOUT_RUNS = ['idempotency_keys', 'session_waiters', ...WEBHOOK_TABLES] as const;
/** The run has ended meanwhile. If it cannot be cancelled for another reason, its rows must stay. */
const ignoreEndedRun = ignoreCodes('run_not_found', 'task_already_finished');

/**
 * Erases all data of an end user or a tenant, in steps: after a crash the next call erases the rest. Their runs are
 * cancelled first. Entries of the audit stay, but no longer identify anyone. An erasure fails with
 * `storage_unavailable` if a reader of the database file keeps the data in its log. A repeat succeeds when the data is
 * gone.
 */
@Injectable()
export class DataErasure {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsService,
    private readonly control: RunControl,
    private readonly keys: KeysService,
    private readonly usage: UsageRepository,
    private readonly waiters: SessionWaiters,
  ) {}

  /** Records nothing about an end user of whom nothing is stored. @param principal a principal of their tenant. */
  async eraseEndUser(principal: Principal, endUser: string, requestId?: string | RequestIds): Promise<Erased> {
    const { tenant } = principal;
    const target = endUserTarget(tenant, endUser);
    const isKnown = await isStored(tenant, endUser, this.database.query);
    // First: they would begin once the others are cancelled.
    await this.waiters.dismissEndUser(tenant, endUser);
    const erased = await this.sessions.removeEndUser(principal, endUser, requestId);
    const strays = await this.#eraseStrays(tenant, endUser);
    const all = { ...erased, runs: erased.runs + strays };
    await this.database.write(async (transaction) => {
      const hadUsage = await this.usage.forget(transaction, tenant, idOfSubject(endUser));
      const hadDecided = await forgetDecider(transaction, { tenant, caller: idOfSubject(endUser) });
      if (!isKnown && !hadUsage && !hadDecided) return;
      await this.database.erasures.add(transaction, { target });
      appendAudit(transaction, {
        action: 'data.erased',
        tenant,
        actor: actorOf(principal, requestId),
        endUser,
        details: { ...all },
      });
      // Without this row the entries cannot be linked to the end user.
      beforeCommit(transaction, async (last) => {
        await last.deleteFrom('audit_subjects').where('tenant', '=', tenant).where('end_user', '=', endUser).execute();
      });
    });
    await this.database.erasures.purge(target);
    return all;
  }

  /** @param principal the operator, acting for that tenant. The keys of the tenant are revoked first. */
  async eraseTenant(principal: Principal, requestId?: string | RequestIds): Promise<ErasedTenantData> {
    const { tenant } = principal;
    const actor = actorOf(principal, requestId);
    await this.keys.revokeAll(tenant, actor);
    const erased = await this.sessions.removeTenant(principal, requestId);
    for (const table of WITHOUT_RUNS) await this.#eraseFrom(table, tenant);
    const all = { ...erased, keys: await this.#eraseRest(tenant, actor, erased) };
    await this.database.erasures.purge(tenantTarget(tenant));
    return all;
  }

  /** Erases the remaining runs of the end user, which are in sessions of others. */
  async #eraseStrays(tenant: string, endUser: string): Promise<number> {
    for (let total = 0; ;) {
      const rows = await this.database.query
        .selectFrom('runs')
        .select(['run_id', 'finished_at'])
        .where('tenant', '=', tenant)
        .where('end_user', '=', endUser)
        // A literal, so that SQLite uses the partial index.
        .where('end_user', '<>', sql.lit(''))
        .limit(BATCH)
        .execute();
      if (rows.length === 0) return total;
      for (const { run_id, finished_at } of rows) {
        if (finished_at === null) await this.control.cancel(run_id, { tenant }, ERASED_END_USER).catch(ignoreEndedRun);
      }
      const ids = rows.map(({ run_id }) => run_id);
      await this.database.write(async (transaction) => {
        await this.database.erasures.add(transaction, { target: endUserTarget(tenant, endUser) });
        await eraseRuns(ids, transaction);
      });
      total += ids.length;
    }
  }

  /** Erases the rows of the tenant that no run refers to any more. */
  async #eraseFrom(table: (typeof WITHOUT_RUNS)[number], tenant: string): Promise<void> {
    for (;;) {
      const count = await this.database.write(async (transaction) => {
        await this.database.erasures.add(transaction, { target: tenantTarget(tenant) });
        const some = transaction.selectFrom(table).select('run_id').where('tenant', '=', tenant).limit(BATCH);
        const { numDeletedRows } = await transaction.deleteFrom(table).where('run_id', 'in', some).executeTakeFirst();
        return numDeletedRows;
      });
      if (count === 0n) return;
    }
  }

  /** Erases the keys last, in one commit with the audit entry that completes the erasure. */
  async #eraseRest(tenant: string, actor: Actor, erased: Erased): Promise<number> {
    return await this.database.write(async (transaction) => {
      await this.database.erasures.add(transaction, { target: tenantTarget(tenant) });
      const { numDeletedRows } = await transaction
        .deleteFrom('api_keys')
        .where('tenant', '=', tenant)
        .executeTakeFirst();
      await transaction.deleteFrom('tenant_sizes').where('tenant', '=', tenant).execute();
      const keys = Number(numDeletedRows);
      appendAudit(transaction, {
        action: 'data.erased',
        tenant,
        actor,
        target: `tenant:${tenant}`,
        details: { ...erased, keys },
      });
      beforeCommit(transaction, async (last) => {
        await last.deleteFrom('audit_subjects').where('tenant', '=', tenant).execute();
      });
      return keys;
    });
  }
}
