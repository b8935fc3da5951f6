import type { UsageReport } from 'rookery/client';
import { Link, navigate, type Place, urlOf } from '../app/router';
import { useResource } from '../service/resource';
import { useClient } from '../service/service';
import { Empty, Failure, Loading } from '../ui/feedback';
import { Segments } from '../ui/fields';
import { costText, numberText, shortNumber } from '../ui/format';
import { Budgets } from './budgets';
import { DayChart } from './day.chart';
import { DayTable, type DayUsage } from './day.table';
import { Limits } from './limits';
import { periodOf, type Range, RANGES } from './usage.range';

type Item = UsageReport['items'][number];

const GROUPS = { role: 'Agent', model: 'Model', key: 'Key' } as const;
type Group = keyof typeof GROUPS;

/** Runs, tokens and cost over time, and who used them. */
export function UsagePage({ place }: { readonly place: Place }) {
  const range = rangeOf(place.query.get('range'));
  const client = useClient();
  const { from, to, days } = periodOf(range);
  const usage = useResource(
    async (signal) => {
      const read = (group_by: 'day' | Group) => client.usage({ from, to, group_by }, { signal });
      const [day, role, model, key] = await Promise.all([read('day'), read('role'), read('model'), read('key')]);
      return { day: day.items, role: role.items, model: model.items, key: key.items };
    },
    `${from} ${to}`,
    30_000,
  );
  const { value } = usage;
  return (
    <div class="stack">
      <header class="page-head">
        <h1>Usage</h1>
        <span class="grow" />
        <Segments
          label="Period"
          value={range}
          options={rangeNames}
          textOf={(name) => RANGES[name]}
          onChange={(name) => navigate(urlOf(['usage'], { range: name }), { replace: true })}
        />
      </header>
      <Failure failure={usage.failure} onRetry={usage.reload} />
      {value === undefined && usage.failure === undefined && <Loading what="the usage" />}
      {value?.day.length === 0 && (
        <Empty title="No usage in this period">
          Runs count once they have ended. <Link to={urlOf(['chat'])}>Ask an agent in Chat</Link>. For costs, set{' '}
          <code>PRICES_FILE</code>.
        </Empty>
      )}
      {value !== undefined && value.day.length > 0 && (
        <>
          <Days days={byDay(days, value.day)} />
          <div class="breakdowns">
            {groupNames.map((group) => (
              <Breakdown key={group} group={group} items={value[group]} />
            ))}
          </div>
        </>
      )}
      <Budgets />
      <Limits />
    </div>
  );
}

const rangeNames = ['month', '7', '30', '90'] as const satisfies readonly Range[];
const groupNames = ['role', 'model', 'key'] as const satisfies readonly Group[];

function rangeOf(value: string | null): Range {
  return rangeNames.find((name) => name === value) ?? 'month';
}

function tokensOf({ input_tokens, output_tokens }: Item): number {
  return input_tokens + output_tokens;
}

/** Days without usage have no item. */
function byDay(days: readonly string[], items: readonly Item[]): readonly DayUsage[] {
  const used = new Map(items.map((item) => [item.day, item]));
  return days.map((day) => {
    const item = used.get(day);
    return { day, cost: item?.cost ?? 0, runs: item?.runs ?? 0, tokens: item === undefined ? 0 : tokensOf(item) };
  });
}

function Days({ days }: { readonly days: readonly DayUsage[] }) {
  const valuesOf = (name: 'cost' | 'tokens' | 'runs') => days.map(({ day, [name]: value }) => ({ day, value }));
  return (
    <>
      <div class="charts">
        <DayChart title="Cost" values={valuesOf('cost')} format={costText} />
        <DayChart title="Tokens" values={valuesOf('tokens')} format={shortNumber} />
        <DayChart title="Runs" values={valuesOf('runs')} format={shortNumber} />
      </div>
      <DayTable days={days} />
    </>
  );
}

/** The shares of agents, models or keys, the largest first. */
function Breakdown({ group, items }: { readonly group: Group; readonly items: readonly Item[] }) {
  const max = Math.max(1, ...items.map(tokensOf));
  const sorted = items.toSorted((one, other) => tokensOf(other) - tokensOf(one));
  return (
    <section class="card breakdown" aria-label={`By ${GROUPS[group].toLowerCase()}`}>
      <table>
        <thead>
          <tr>
            <th scope="col">{GROUPS[group]}</th>
            <th scope="col" class="number">
              Runs
            </th>
            <th scope="col" class="number">
              Tokens
            </th>
            <th scope="col" class="number">
              Cost
            </th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((item) => (
            <tr key={item[group]}>
              <th scope="row">
                <span class="breakdown-name">{item[group]}</span>
                <span class="meter" aria-hidden="true">
                  <span style={{ width: `${(tokensOf(item) / max) * 100}%` }} />
                </span>
              </th>
              <td class="number">{numberText(item.runs)}</td>
              <td class="number">{shortNumber(tokensOf(item))}</td>
              <td class="number">{costText(item.cost)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
