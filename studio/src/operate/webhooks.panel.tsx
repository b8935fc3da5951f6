import { useState } from 'preact/hooks';
import { Link, urlOf } from '../app/router';
import { usePages } from '../service/pages';
import { useAction } from '../service/resource';
import { useClient } from '../service/service';
import { Empty, Failure, Loading } from '../ui/feedback';
import { Segments } from '../ui/fields';
import { MoreButton } from '../ui/paged.table';
import { Badge, Time } from '../ui/parts';

const STATUSES = ['given_up', 'pending', 'delivered'] as const;
const TITLES = { given_up: 'Given up', pending: 'Pending', delivered: 'Delivered' } as const;

/** Webhooks by their status. Each can be sent again. */
export function WebhooksPanel() {
  const client = useClient();
  const [status, setStatus] = useState<(typeof STATUSES)[number]>('given_up');
  const hooks = usePages((signal) => client.webhooks.list({ status, pageSize: 50, signal }), status, 50);
  const { isBusy, failure, run } = useAction();
  const redeliver = (id: string) =>
    run(async () => {
      await client.webhooks.redeliver(id);
      hooks.reload();
    });
  return (
    <section class="card" aria-label="Webhooks">
      <header class="card-head">
        <h2>Webhooks of tasks</h2>
        <Segments
          label="Status"
          value={status}
          options={STATUSES}
          textOf={(each) => TITLES[each]}
          onChange={setStatus}
        />
      </header>
      <Failure failure={failure ?? hooks.failure} onRetry={hooks.reload} />
      {hooks.items.length === 0 && hooks.isLoading && <Loading what="the webhooks" />}
      {hooks.items.length === 0 && !hooks.isLoading && hooks.failure === undefined && (
        <Empty title="No webhook has this status">
          A task with <code>webhook_url</code> posts its outcome there.
        </Empty>
      )}
      <ul class="rows">
        {hooks.items.map((hook) => (
          <li key={hook.webhook_id} class="rows-item">
            <div>
              <p class="mono">{hook.url}</p>
              <p class="muted">
                <Badge status={hook.status} /> {hook.attempts} tries · <Time at={hook.created_at} />
                {hook.task_id !== undefined && (
                  <>
                    {' '}
                    · <Link to={urlOf(['runs', hook.task_id])}>Task</Link>
                  </>
                )}
                {hook.last_error !== undefined && ` · ${hook.last_error}`}
              </p>
            </div>
            <button type="button" class="button" disabled={isBusy} onClick={() => void redeliver(hook.webhook_id)}>
              Send again
            </button>
          </li>
        ))}
      </ul>
      <MoreButton pages={hooks} />
    </section>
  );
}
