import type { BudgetList } from 'rookery/client';
import { useResource } from '../service/resource';
import { useClient } from '../service/service';
import { isForbidden } from '../ui/failure.text';
import { Failure } from '../ui/feedback';
import { costText, shortNumber } from '../ui/format';
import { LimitBar } from './limit.bar';

/** The monthly budgets of tenants and keys, as bars. Operators only. */
export function Budgets() {
  const client = useClient();
  const budgets = useResource(async (signal) => (await client.budgets({ signal })).items.flatMap(barsOf), 'budgets');
  const { value, failure } = budgets;
  if (isForbidden(failure) || (value === undefined && failure === undefined)) return null;
  return (
    <section class="card pad-card" aria-label="Budgets">
      <h2>Budgets of this month</h2>
      <Failure failure={failure} onRetry={budgets.reload} />
      {value?.length === 0 && (
        <p class="muted">
          There is no budget. Give one to a key under Operate, or set <code>TENANT_COST_PER_MONTH</code> for each
          tenant.
        </p>
      )}
      <ul class="budgets">
        {(value ?? []).map(({ id, name, used, limit, format }) => (
          <LimitBar
            key={id}
            name={name}
            used={used}
            limit={limit}
            text={`${format(used)} of ${format(limit)} (${Math.round((used / limit) * 100)} %)`}
          />
        ))}
      </ul>
    </section>
  );
}

interface Bar {
  readonly id: string;
  readonly name: string;
  readonly used: number;
  readonly limit: number;
  readonly format: (value: number) => string;
}

function barsOf({ tenant, key_id, key_name, tokens, cost, ...limits }: BudgetList['items'][number]): Bar[] {
  const owner = key_name === undefined ? `Tenant ${tenant}` : `${key_name} (${tenant})`;
  const barOf = (unit: string, used: number, limit: number | undefined, format: Bar['format']): Bar[] =>
    limit === undefined
      ? []
      : [{ id: `${tenant} ${key_id ?? ''} ${unit}`, name: `${owner}: ${unit}`, used, limit, format }];
  return [
    ...barOf('cost', cost, limits.cost_per_month, costText),
    ...barOf('tokens', tokens, limits.tokens_per_month, shortNumber),
  ];
}
