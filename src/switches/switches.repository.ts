import { Injectable } from '@nestjs/common';
import { type Actor, appendAudit } from '../audit/audit.record.js';
import { Database } from '../storage/database.js';
import type { SwitchTable } from '../storage/tables/switch.schema.js';
import type { SwitchKey } from './switch.js';

/** Stores what is stopped. Records each change in the audit, in the same transaction. */
@Injectable()
export class SwitchesRepository {
  constructor(private readonly database: Database) {}

  list(): Promise<SwitchTable[]> {
    return this.database.query.selectFrom('switches').selectAll().orderBy('kind').orderBy('name').execute();
  }

  /** @param tenant the tenant of the audit entry. */
  async stop(row: SwitchTable, tenant: string, actor: Actor): Promise<void> {
    const { kind, name, ...change } = row;
    await this.database.write(async (transaction) => {
      await transaction
        .insertInto('switches')
        .values(row)
        .onConflict((conflict) => conflict.columns(['kind', 'name']).doUpdateSet(change))
        .execute();
      const details = { stopped: true, ...(row.reason === null ? {} : { reason: row.reason }) };
      appendAudit(transaction, { action: 'switch.changed', tenant, actor, target: `${kind}:${name}`, details });
    });
  }

  /** @param tenant the tenant of the audit entry. */
  async release({ kind, name }: SwitchKey, tenant: string, actor: Actor): Promise<void> {
    await this.database.write(async (transaction) => {
      await transaction.deleteFrom('switches').where('kind', '=', kind).where('name', '=', name).execute();
      const details = { stopped: false };
      appendAudit(transaction, { action: 'switch.changed', tenant, actor, target: `${kind}:${name}`, details });
    });
  }
}
