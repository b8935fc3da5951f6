import { useResource } from '../service/resource';
import { useClient } from '../service/service';
import { isForbidden } from '../ui/failure.text';
import { Empty, Failure } from '../ui/feedback';
import { durationText, numberText } from '../ui/format';
import { Badge, Facts } from '../ui/parts';
import { type Sample, samplesOf } from './metrics';

const POLL_MS = 5000;
const BREAKER = { 0: 'closed', 1: 'half-open', 2: 'open' } as const;

/** Whether the service is ready, and what its process does. */
export function HealthPanel() {
  const client = useClient();
  const readiness = useResource((signal) => client.readiness({ signal }), 'ready', POLL_MS);
  const metrics = useResource(async (signal) => samplesOf(await client.metrics({ signal })), 'metrics', POLL_MS);
  const { value: ready } = readiness;
  return (
    <>
      <Failure failure={readiness.failure} onRetry={readiness.reload} />
      {ready !== undefined && (
        <section class="card pad-card" aria-label="Readiness">
          <Facts
            facts={[
              ['Service', <Badge key="status" status={ready.status} />],
              ['Database', <Badge key="database" status={ready.database} />],
              ['Redis', ready.redis === undefined ? undefined : <Badge key="redis" status={ready.redis} />],
              ['Runs', ready.runs],
            ]}
          />
        </section>
      )}
      {isForbidden(metrics.failure) ? (
        <Empty title="The metrics need a scope">
          These credentials lack <code>metrics</code>. The readiness above needs none.
        </Empty>
      ) : (
        <Failure failure={metrics.failure} onRetry={metrics.reload} />
      )}
      {metrics.value !== undefined && <Metrics samples={metrics.value} />}
    </>
  );
}

/** The figures of the process that has answered. */
function Metrics({ samples }: { readonly samples: readonly Sample[] }) {
  const one = (name: string) => samples.find((sample) => sample.name === name)?.value;
  const seconds = (name: string) => {
    const value = one(name);
    return value === undefined || Number.isNaN(value) ? undefined : durationText(value * 1000);
  };
  const count = (name: string) => {
    const value = one(name);
    return value === undefined ? undefined : numberText(value);
  };
  const active = samples.filter(({ name }) => name === 'rookery_runs_active');
  const breakers = samples.filter(({ name }) => name === 'rookery_model_breaker_state');
  const memory = one('process_resident_memory_bytes');
  return (
    <>
      <section class="card pad-card" aria-label="Queue">
        <h2>Queue</h2>
        <Facts
          facts={[
            ['Queued tasks', count('rookery_tasks_queued') ?? '0'],
            ['Oldest waits', seconds('rookery_tasks_oldest_queued_age_seconds') ?? '–'],
            ['Webhooks pending', count('rookery_webhooks_pending') ?? '0'],
            ...active.map(({ labels, value }) => [`Active: ${labels.get('kind') ?? ''}`, numberText(value)] as const),
          ]}
        />
      </section>
      <section class="card pad-card" aria-label="Models">
        <h2>Circuit breakers</h2>
        {breakers.length === 0 && <p class="muted">Models have them with fallbacks: set FALLBACK_MODELS.</p>}
        <Facts
          facts={breakers.map(({ labels, value }) => [
            [...labels.values()].join(' · '),
            value === 0 || value === 1 || value === 2 ? BREAKER[value] : String(value),
          ])}
        />
      </section>
      <section class="card pad-card" aria-label="Process">
        <h2>Process</h2>
        <p class="muted">Of the replica that has answered.</p>
        <Facts
          facts={[
            ['Event loop delay, mean', seconds('nodejs_eventloop_lag_mean_seconds')],
            ['Event loop delay, 99 %', seconds('nodejs_eventloop_lag_p99_seconds')],
            ['Memory', memory === undefined ? undefined : `${numberText(Math.round(memory / 2 ** 20))} MiB`],
            ['Replicas alive', count('rookery_replicas')],
          ]}
        />
      </section>
    </>
  );
}
