import { Injectable } from '@nestjs/common';
import { decodeCursor, encodeCursor } from '../http/page.cursor.js';
import type { Page, PageRequest } from '../http/page.dto.js';
import { Database } from '../storage/database.js';
import { pageOf } from '../storage/row.page.js';
import { type ChainOptions, type ChainReport, verifyChain } from './audit.chain.js';
import { type AuditAction, type AuditEntry, type AuditEntryRow, toEntry } from './audit.entry.js';
import { type AuditEvent, knownSubject, appendAudit } from './audit.record.js';

/** Rows per read. */
const BATCH = 500;
const CURSOR_OF = 'audit';

/** Filters of the audit list. The filters apply together. */
export interface AuditRequest extends PageRequest {
  /** Default: all tenants. */
  readonly tenant?: string | undefined;
  /** Default: all actions. */
  readonly action?: AuditAction | undefined;
  /** The id of a principal, as in the entries. Default: all principals. */
  readonly actor?: string | undefined;
  /** Epoch milliseconds, inclusive. Default: no limit. */
  readonly from?: number | undefined;
  /** Epoch milliseconds, exclusive. Default: no limit. */
  readonly to?: number | undefined;
  /** The name of an end user of `tenant`. Finds nothing if their data was erased. */
  readonly endUser?: string | undefined;
}

/**
 * Reads, writes and verifies the audit: one chain of entries for all tenants.
 *
 * @example
 * import { Injectable } from '@nestjs/common';
 * import { AuditService } from 'rookery';
 *
 * \@Injectable()
 * export class NightlyCheck {
 *   constructor(private readonly audit: AuditService) {}
 *
 *   async run() {
 *     const { broken } = await this.audit.verify();
 *     if (broken) throw new Error(`The audit is broken at entry ${broken.sequence}: ${broken.reason}.`);
 *   }
 * }
 */
@Injectable()
export class AuditService {
  constructor(private readonly database: Database) {}

  /**
   * Lists entries, newest first.
   *
   * @throws AgentError `validation_failed` if the cursor is invalid.
   *
   * @example
   * const filter = { tenant: 'acme', limit: 50 };
   * const { items, next_cursor } = await audit.list(filter);
   * const next = next_cursor === null ? undefined : await audit.list({ ...filter, cursor: next_cursor });
   */
  async list({ limit, cursor, tenant, endUser, ...filter }: AuditRequest): Promise<Page<AuditEntry>> {
    let query = this.database.query.selectFrom('audit_entries').selectAll();
    if (cursor !== undefined) query = query.where('sequence', '<', decodeCursor(cursor).at);
    if (endUser !== undefined) {
      const subject = await knownSubject(this.database.query, tenant ?? '', endUser);
      // With `=` for the tenant SQLite would search all entries of the tenant.
      query = query.where('subject', '=', subject ?? '').where('tenant', 'is not distinct from', tenant ?? '');
    } else if (tenant !== undefined) query = query.where('tenant', '=', tenant);
    if (filter.action !== undefined) query = query.where('action', '=', filter.action);
    if (filter.actor !== undefined) query = query.where('actor', '=', filter.actor);
    if (filter.from !== undefined) query = query.where('at', '>=', filter.from);
    if (filter.to !== undefined) query = query.where('at', '<', filter.to);
    const rows = await query
      .orderBy('sequence', 'desc')
      .limit(limit + 1)
      .execute();
    return pageOf(rows, limit, toEntry, (row) => encodeCursor(row.sequence, CURSOR_OF));
  }

  /**
   * Yields all entries after a sequence number, oldest first. Reads them in batches.
   *
   * @param after the last sequence number that you have. Default: 0, from the first entry.
   * @throws AgentError `storage_unavailable` if the database is down.
   *
   * @example
   * for await (const entry of audit.entries(4711)) console.log(JSON.stringify(entry));
   */
  entries(after = 0): AsyncGenerator<AuditEntry> {
    return this.#entries(after, toEntry);
  }

  /**
   * Records an action that changes no other rows. It is on disk when this resolves.
   *
   * @throws AgentError `storage_unavailable` if the database is down.
   *
   * @example
   * await audit.append({ action: 'audit.exported', tenant: 'acme', actor: { id: 'cli:ops' }, target: 'audit' });
   */
  async append(event: AuditEvent): Promise<void> {
    await this.database.write((transaction) => Promise.resolve(appendAudit(transaction, event)));
  }

  /** @deprecated Use `append`. */
  keep(event: AuditEvent): Promise<void> {
    return this.append(event);
  }

  /**
   * Verifies the whole chain in the database. Reads all entries in batches. A changed or missing entry is reported in
   * `broken`, not thrown.
   *
   * @throws AgentError `storage_unavailable` if the database is down.
   *
   * @example
   * const { entries, head, broken } = await audit.verify();
   * // Store `head` elsewhere: a later check with it also finds removed entries at the end.
   * await audit.verify({ anchor: head });
   */
  verify(options: ChainOptions = {}): Promise<ChainReport> {
    return verifyChain(this.#entries(0, readable), options);
  }

  async *#entries<T>(after: number, toItem: (row: AuditEntryRow) => T): AsyncGenerator<T> {
    for (let last = after; ;) {
      const rows = await this.database.query
        .selectFrom('audit_entries')
        .selectAll()
        .where('sequence', '>', last)
        .orderBy('sequence')
        .limit(BATCH)
        .execute();
      for (const row of rows) yield toItem(row);
      if (rows.length < BATCH) return;
      last = rows.at(-1)?.sequence ?? last;
    }
  }
}

/** Returns an unreadable row as a broken entry instead of throwing. */
function readable(row: AuditEntryRow): unknown {
  try {
    return toEntry(row);
  } catch {
    return { ...row, details: null };
  }
}
