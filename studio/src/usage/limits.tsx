import { useService } from '../service/service';
import { numberText } from '../ui/format';
import { LimitBar } from './limit.bar';

const NAMES: Readonly<Record<string, string>> = {
  default: 'Requests of this caller',
  tenant: 'Requests of the tenant',
  tokens: 'Tokens of this caller',
  'tenant-tokens': 'Tokens of the tenant',
};

/** The rate limits, as the last answer stated them. */
export function Limits() {
  const { limits } = useService();
  const current = limits();
  return (
    <section class="card pad-card" aria-label="Rate limits">
      <h2>Rate limits</h2>
      {current.length === 0 && <p class="muted">This caller has none.</p>}
      <ul class="budgets">
        {current.map(({ name, limit, left, windowSeconds, unit }) => (
          <LimitBar
            key={name}
            name={NAMES[name] ?? name}
            used={limit - left}
            limit={limit}
            text={`${numberText(left)} of ${numberText(limit)} ${unit} left in ${windowSeconds} s`}
          />
        ))}
      </ul>
    </section>
  );
}
