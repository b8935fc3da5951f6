import type { ComponentChildren } from 'preact';
import { Link, type Place, urlOf } from '../app/router';
import { useResource } from '../service/resource';
import { useService } from '../service/service';
import { isForbidden } from '../ui/failure.text';
import { Empty, Loading } from '../ui/feedback';
import { AuditPanel } from './audit.panel';
import { HealthPanel } from './health.panel';
import { KeysPanel } from './keys.panel';
import { ReleasesPanel } from './releases.panel';
import { SwitchesPanel } from './switches.panel';
import { WebhooksPanel } from './webhooks.panel';

const PANELS = {
  keys: 'Keys',
  releases: 'Releases',
  switches: 'Switches',
  audit: 'Audit',
  webhooks: 'Webhooks',
  health: 'Health',
} as const;

type PanelName = keyof typeof PANELS;

const NAMES = ['keys', 'releases', 'switches', 'audit', 'webhooks', 'health'] as const satisfies readonly PanelName[];
/** These do not need the scope `admin`. */
const OPEN_TO_OTHERS: ReadonlySet<PanelName> = new Set<PanelName>(['webhooks', 'health']);

/** Keys, releases, switches, the audit, webhooks and health. */
export function OperatePage({ place }: { readonly place: Place }) {
  const name = NAMES.find((each) => each === place.parts[1]) ?? 'keys';
  return (
    <div class={`stack ${name === 'audit' ? 'fill' : ''}`}>
      <header class="page-head">
        <h1>Operate</h1>
      </header>
      <nav class="tabs" aria-label="Parts of Operate">
        {NAMES.map((each) => (
          <Link key={each} class="tab" to={urlOf(['operate', each])} isCurrent={each === name}>
            {PANELS[each]}
          </Link>
        ))}
      </nav>
      {OPEN_TO_OTHERS.has(name) ? (
        <Panel name={name} />
      ) : (
        <OperatorsOnly>
          <Panel name={name} />
        </OperatorsOnly>
      )}
    </div>
  );
}

function Panel({ name }: { readonly name: PanelName }) {
  switch (name) {
    case 'keys':
      return <KeysPanel />;
    case 'releases':
      return <ReleasesPanel />;
    case 'switches':
      return <SwitchesPanel />;
    case 'audit':
      return <AuditPanel />;
    case 'webhooks':
      return <WebhooksPanel />;
    case 'health':
      return <HealthPanel />;
  }
}

/** Says what is missing, in place of a refusal on each part. */
function OperatorsOnly({ children }: { readonly children: ComponentChildren }) {
  const { client, credentials } = useService();
  const access = useResource(async (signal) => {
    await client.switches.list({ signal });
    return true;
  }, 'operator');
  if (access.value === true) return <>{children}</>;
  if (access.failure === undefined) return <Loading what="the part" />;
  if (!isForbidden(access.failure)) return <>{children}</>;
  return credentials === undefined ? (
    <Empty title="This part needs an operator">
      A service without authentication has none. Start it with <code>AUTH_MODE=api-key</code>, and make a key:{' '}
      <code>npm run keys -- create --name me --tenant main --scopes admin</code>
    </Empty>
  ) : (
    <Empty title="This part needs an operator">
      These credentials lack the scope <code>admin</code>. Sign in with a key that has it.
    </Empty>
  );
}
