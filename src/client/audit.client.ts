import { isAuditEntry } from './answers.js';
import type { AuditEntry, AuditFilter } from './api.names.js';
import { type AuditReport, verifyEntries } from './audit.chain.js';
import { listCall, readCall } from './calls.js';
import type { CallOptions, ListOptions } from './client.options.js';
import type { Transport } from './transport.js';

const AUDIT = '/api/v1/admin/audit';

/**
 * Reads and verifies the audit, with the scope `admin`. It is `audit` of a `RookeryClient`.
 *
 * @example
 * for await (const { at, actor, action, target } of client.audit.list({ action: 'key.created' })) {
 *   console.log(at, actor, action, target);
 * }
 */
export class AuditClient {
  constructor(private readonly transport: Transport) {}

  /**
   * All entries, newest first. Fetches each page on demand.
   *
   * @throws RookeryError
   *
   * @example
   * for await (const { at, target } of client.audit.list({ actor: 'cli:ada' })) console.log(at, target);
   */
  list({ action, actor, end_user, from, to, ...options }: ListOptions & AuditFilter = {}): AsyncGenerator<
    AuditEntry,
    void
  > {
    return this.transport.pages(listCall(AUDIT, options, { action, actor, end_user, from, to }), isAuditEntry);
  }

  /**
   * The entries of all tenants in their order, from the start or after a known one. The export itself is audited.
   *
   * @throws RookeryError
   *
   * @example
   * for await (const entry of client.audit.export({ after: 4711 })) console.log(JSON.stringify(entry));
   */
  export({ after, ...options }: CallOptions & { readonly after?: number } = {}): AsyncGenerator<AuditEntry, void> {
    return this.transport.lines({ ...readCall(`${AUDIT}/export`, options), query: { after } }, isAuditEntry);
  }

  /**
   * Exports all entries and recomputes their hashes. Stops at the first entry that was changed or is missing.
   *
   * @throws RookeryError; TypeError in a page that is neither of `https` nor of `localhost`.
   *
   * @example
   * const { head, broken } = await client.audit.verify();
   * console.log(broken === undefined ? `Store ${head?.sequence}:${head?.hash}` : `Entry ${broken.sequence}: ${broken.reason}`);
   */
  verify(options: CallOptions = {}): Promise<AuditReport> {
    return verifyEntries(this.export(options));
  }
}
