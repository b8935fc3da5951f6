import { Injectable } from '@nestjs/common';
import { newId } from '../../storage/new.id.js';
import type { BudgetWarning } from '../../usage/budget.warning.js';
import { Budgets } from '../../usage/budgets.js';
import { WebhooksRepository } from './webhooks.repository.js';
import { TasksModuleOptions } from '../tasks.options.js';

/** Enqueues a webhook in the commit that crosses a warning threshold of a budget. */
@Injectable()
export class BudgetWebhooks {
  constructor(budgets: Budgets, webhooks: WebhooksRepository, { budgetWebhookUrl: url }: TasksModuleOptions) {
    if (url === undefined) return;
    budgets.onWarning(async (warning, transaction) => {
      const { tenant } = warning;
      // No run belongs to the id of this webhook.
      const row = { run_id: newId(), tenant, session_id: '', url, body: JSON.stringify(bodyOf(warning)) };
      await webhooks.enqueue(transaction, row);
    });
  }
}

function bodyOf({ tenant, payer, month, percent, ...amounts }: BudgetWarning): object {
  return {
    type: 'budget.warning',
    tenant,
    // Without a payer, the budget is that of the tenant.
    key: payer === '' ? null : payer.replace(/^key:/, ''),
    month,
    percent,
    tokens: amounts.tokens,
    tokens_per_month: amounts.tokensPerMonth ?? null,
    cost: amounts.cost,
    cost_per_month: amounts.costPerMonth ?? null,
  };
}
