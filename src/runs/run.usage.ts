import { Injectable } from '@nestjs/common';
import type { Transaction } from 'kysely';
import type { Schema } from '../storage/schema.js';
import { Prices } from '../usage/prices.js';
import { UsageAccumulator, type RunModelUsage } from '../usage/usage.accumulator.js';
import { UsageRepository } from '../usage/usage.repository.js';
import { ReplicaId } from './recovery/replica.id.js';
import type { Run } from './run.js';
import type { RunRow } from './run.row.js';
import { usagesOf } from './journal/database.journal.js';

/** Records the usage of runs in the commits that end them. */
@Injectable()
export class RunUsage {
  constructor(
    private readonly usage: UsageRepository,
    private readonly prices: Prices,
    private readonly replica: ReplicaId,
  ) {}

  /** @param spent the usage at the time of the run's end. */
  async add(
    { session, context, agent }: Run,
    spent: readonly RunModelUsage[],
    transaction: Transaction<Schema>,
  ): Promise<void> {
    const owner = { tenant: session.tenant, caller: context.principal.id, role: agent.role };
    await this.usage.add(transaction, { ...owner, replicaId: this.replica.id }, spent);
  }

  /** Records the usage of a task that no process holds, from its finished steps. */
  async addSteps(task: RunRow, transaction: Transaction<Schema>): Promise<void> {
    const { run_id, tenant, caller, agent_role: role } = task;
    const steps = await transaction.selectFrom('steps').selectAll().where('run_id', '=', run_id).execute();
    const spending = new UsageAccumulator(this.prices);
    for (const { model, usage } of usagesOf(steps)) spending.add(role, model ?? task.model, usage);
    const { inputTokens, outputTokens, cachedTokens, reasoningTokens, cost = 0 } = spending.total;
    await transaction
      .updateTable('runs')
      .set({
        input_tokens: inputTokens,
        output_tokens: outputTokens,
        cached_tokens: cachedTokens,
        reasoning_tokens: reasoningTokens,
        cost,
      })
      .where('run_id', '=', run_id)
      .execute();
    await this.usage.add(transaction, { tenant, caller, role, replicaId: this.replica.id }, spending.entries);
  }
}
