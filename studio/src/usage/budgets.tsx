import type { ApiKey } from 'rookery/client';
import { RookeryError } from 'rookery/client';
import { take } from '../service/pages';
import { useResource } from '../service/resource';
import { useClient } from '../service/service';
import { Failure } from '../ui/feedback';
import { costText, shortNumber } from '../ui/format';

const KEYS_READ = 500;
const WARNING = 0.8;

/** The monthly budgets of keys, as bars. Operators only: others cannot list keys. */
export function Budgets() {
  const client = useClient();
  const budgets = useResource(async (signal) => {
    const { items } = await take(client.keys.list({ pageSize: 100, signal }), KEYS_READ);
    const limited = items.filter(
      ({ tokens_per_month, cost_per_month, revoked_at }) =>
        revoked_at === undefined && (tokens_per_month !== undefined || cost_per_month !== undefined),
    );
    if (limited.length === 0) return [];
    const used = await usedBy([...new Set(limited.map(({ tenant }) => tenant))], (tenant) =>
      client.usage({ group_by: 'key', tenant }, { signal }),
    );
    return limited.flatMap((key) => barsOf(key, used.get(key.key_id)));
  }, 'budgets');
  const isForbidden = budgets.failure instanceof RookeryError && budgets.failure.status === 403;
  if (isForbidden || (budgets.value === undefined && budgets.failure === undefined)) return null;
  return (
    <section class="card pad-card" aria-label="Budgets">
      <h2>Budgets of this month</h2>
      <Failure failure={budgets.failure} onRetry={budgets.reload} />
      {budgets.value?.length === 0 && (
        <p class="muted">
          No key has a budget. Give one to a key under Operate, or set <code>TENANT_COST_PER_MONTH</code> for all.
        </p>
      )}
      <ul class="budgets">
        {(budgets.value ?? []).map(({ name, used, limit, format }) => {
          const share = used / limit;
          return (
            <li key={name}>
              <span class="budget-name">{name}</span>
              <meter class="budget" min={0} max={limit} high={limit * WARNING} value={used} aria-label={name} />
              <span class="number">
                {format(used)} of {format(limit)} ({Math.round(share * 100)} %)
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

interface Used {
  readonly tokens: number;
  readonly cost: number;
}

interface Bar {
  readonly name: string;
  readonly used: number;
  readonly limit: number;
  readonly format: (value: number) => string;
}

type Report = ReturnType<ReturnType<typeof useClient>['usage']>;

async function usedBy(tenants: readonly string[], read: (tenant: string) => Report): Promise<Map<string, Used>> {
  const reports = await Promise.all(tenants.map(read));
  const items = reports.flatMap((report) => report.items);
  return new Map(
    items.map(({ key, input_tokens, output_tokens, cost }) => [
      (key ?? '').replace(/^key:/, ''),
      { tokens: input_tokens + output_tokens, cost },
    ]),
  );
}

function barsOf(
  { name, tokens_per_month: tokens, cost_per_month: cost }: ApiKey,
  used: Used = { tokens: 0, cost: 0 },
): Bar[] {
  const bars: Bar[] = [];
  if (tokens !== undefined)
    bars.push({ name: `${name}: tokens`, used: used.tokens, limit: tokens, format: shortNumber });
  if (cost !== undefined) bars.push({ name: `${name}: cost`, used: used.cost, limit: cost, format: costText });
  return bars;
}
