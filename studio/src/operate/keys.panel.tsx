import type { ApiKey, MadeKey } from 'rookery/client';
import { useState } from 'preact/hooks';
import { usePages } from '../service/pages';
import { useAction } from '../service/resource';
import { useClient } from '../service/service';
import { Confirm, Dialog } from '../ui/dialog';
import { Empty, Failure, Loading } from '../ui/feedback';
import { costText, shortNumber } from '../ui/format';
import { MoreButton } from '../ui/paged.table';
import { CopyButton, Time } from '../ui/parts';
import { NewKeyDialog } from './new-key.dialog';

const OVERLAP_SECONDS = 3600;

/** All keys: creates, rotates and revokes them. */
export function KeysPanel() {
  const client = useClient();
  const keys = usePages((signal) => client.keys.list({ pageSize: 100, signal }), 'keys');
  const [isCreating, setCreating] = useState(false);
  const [made, setMade] = useState<MadeKey>();
  const [revoked, setRevoked] = useState<ApiKey>();
  const { isBusy, failure, run } = useAction();
  const show = (key: MadeKey) => {
    setMade(key);
    keys.reload();
  };
  const revoke = async (key: ApiKey) => {
    await run(() => client.keys.revoke(key.key_id));
    setRevoked(undefined);
    keys.reload();
  };
  return (
    <section class="card" aria-label="Keys">
      <header class="card-head">
        <h2>API keys</h2>
        <button type="button" class="button button-primary" onClick={() => setCreating(true)}>
          New key
        </button>
      </header>
      <Failure failure={failure ?? keys.failure} onRetry={keys.reload} />
      {keys.items.length === 0 && keys.isLoading && <Loading what="the keys" />}
      {keys.items.length === 0 && !keys.isLoading && keys.failure === undefined && (
        <Empty title="No keys">Keys are for programs. People may sign in with tokens.</Empty>
      )}
      {keys.items.length > 0 && (
        <div class="scroll-x" tabIndex={0} role="region" aria-label="List of keys">
          <table class="plain">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Tenant</th>
                <th scope="col">Scopes</th>
                <th scope="col">Limits</th>
                <th scope="col">Last used</th>
                <th scope="col">Expires</th>
                <th scope="col">
                  <span class="hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {keys.items.map((key) => (
                <tr key={key.key_id} class={key.revoked_at === undefined ? '' : 'row-over'}>
                  <th scope="row">
                    {key.name}
                    <br />
                    <code class="muted">{key.key_id}</code>
                  </th>
                  <td>{key.tenant}</td>
                  <td>{key.scopes.join(', ')}</td>
                  <td>{limitsOf(key)}</td>
                  <td>
                    <Time at={key.last_used_at} />
                  </td>
                  <td>
                    {key.revoked_at === undefined ? (
                      <Time at={key.expires_at} />
                    ) : (
                      <>
                        revoked <Time at={key.revoked_at} />
                      </>
                    )}
                  </td>
                  <td class="row-actions">
                    {key.revoked_at === undefined && (
                      <>
                        <button
                          type="button"
                          class="button"
                          disabled={isBusy}
                          aria-label={`Rotate ${key.name}`}
                          onClick={() =>
                            void run(async () =>
                              show(await client.keys.rotate(key.key_id, { overlap_seconds: OVERLAP_SECONDS })),
                            )
                          }
                        >
                          Rotate
                        </button>
                        <button
                          type="button"
                          class="button button-danger"
                          disabled={isBusy}
                          aria-label={`Revoke ${key.name}`}
                          onClick={() => setRevoked(key)}
                        >
                          Revoke
                        </button>
                      </>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <MoreButton pages={keys} />
      {isCreating && <NewKeyDialog onClose={() => setCreating(false)} onMade={show} />}
      {made !== undefined && <MadeDialog made={made} onClose={() => setMade(undefined)} />}
      {revoked !== undefined && (
        <Confirm
          title={`Revoke ${revoked.name}?`}
          action="Revoke"
          onConfirm={() => void revoke(revoked)}
          onClose={() => setRevoked(undefined)}
        >
          <p>Its calls fail at once, its streams end and its unfinished tasks are cancelled.</p>
        </Confirm>
      )}
    </section>
  );
}

/** The secret, once. */
function MadeDialog({ made, onClose }: { readonly made: MadeKey; readonly onClose: () => void }) {
  return (
    <Dialog title={`The secret of ${made.name}`} onClose={onClose}>
      {() => (
        <div class="dialog-body">
          <p>Copy it now: it is shown only once. After a rotation the old secret works for another hour.</p>
          <p class="secret mono">{made.key}</p>
          <p>
            <CopyButton text={made.key} label="Copy the key">
              Copy
            </CopyButton>
          </p>
        </div>
      )}
    </Dialog>
  );
}

function limitsOf({ requests_per_minute: requests, tokens_per_month: tokens, cost_per_month: cost, ...key }: ApiKey) {
  const limits = [
    ...(requests === undefined ? [] : [`${requests} requests a minute`]),
    ...(tokens === undefined ? [] : [`${shortNumber(tokens)} tokens a month`]),
    ...(cost === undefined ? [] : [`${costText(cost)} a month`]),
    ...(key.agent_roles === undefined ? [] : [`agents: ${key.agent_roles.join(', ')}`]),
    ...(key.ip_ranges === undefined ? [] : [`from ${key.ip_ranges.join(', ')}`]),
  ];
  return limits.length === 0 ? <span class="muted">–</span> : limits.join('; ');
}
