import type { MadeKey, NewKey } from 'rookery/client';
import { useState } from 'preact/hooks';
import { useAction } from '../service/resource';
import { useClient } from '../service/service';
import { Dialog } from '../ui/dialog';
import { Failure } from '../ui/feedback';
import { Field } from '../ui/parts';

type Scope = NewKey['scopes'][number];

const SCOPES: Readonly<Record<Scope, string>> = {
  chat: 'talk with agents',
  tasks: 'run agents in the background',
  approvals: 'decide on calls of others',
  'sessions:read': 'read and export sessions',
  'sessions:write': 'erase sessions',
  'usage:read': 'see usage and cost',
  metrics: 'read the metrics',
  'releases:pin': 'choose a release',
  admin: 'operate: everything, in all tenants',
};
const NAMES = [
  'chat',
  'tasks',
  'approvals',
  'sessions:read',
  'sessions:write',
  'usage:read',
  'metrics',
  'releases:pin',
  'admin',
] as const satisfies readonly Scope[];

interface NewKeyDialogProps {
  readonly onClose: () => void;
  readonly onMade: (key: MadeKey) => void;
}

/** Asks for the name, the tenant, the scopes and the limits of a key. */
export function NewKeyDialog({ onClose, onMade }: NewKeyDialogProps) {
  const client = useClient();
  const { isBusy, failure, run } = useAction();
  const [name, setName] = useState('');
  const [tenant, setTenant] = useState('');
  const [scopes, setScopes] = useState<ReadonlySet<Scope>>(new Set<Scope>(['chat']));
  const [tokens, setTokens] = useState('');
  const [cost, setCost] = useState('');
  const toggle = (scope: Scope) => {
    const next = new Set(scopes);
    if (!next.delete(scope)) next.add(scope);
    setScopes(next);
  };
  const create = () =>
    run(async () => {
      const made = await client.keys.create({
        name: name.trim(),
        tenant: tenant.trim(),
        scopes: [...scopes],
        ...(tokens !== '' && { tokens_per_month: Number(tokens) }),
        ...(cost !== '' && { cost_per_month: Number(cost) }),
      });
      onClose();
      onMade(made);
    });
  return (
    <Dialog title="New key" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        <div class="dialog-body">
          <div class="two">
            <Field label="Name" hint="Its owner or purpose">
              <input
                class="input"
                required
                maxLength={128}
                value={name}
                onInput={(event) => setName(event.currentTarget.value)}
              />
            </Field>
            <Field label="Tenant" hint="The customer whose data it reaches">
              <input
                class="input"
                required
                maxLength={128}
                value={tenant}
                onInput={(event) => setTenant(event.currentTarget.value)}
              />
            </Field>
          </div>
          <fieldset class="scopes">
            <legend>Scopes</legend>
            {NAMES.map((scope) => (
              <label key={scope}>
                <input type="checkbox" checked={scopes.has(scope)} onChange={() => toggle(scope)} />{' '}
                <code>{scope}</code> <span class="muted">{SCOPES[scope]}</span>
              </label>
            ))}
          </fieldset>
          <div class="two">
            <Field label="Tokens per month" hint="Empty: no budget">
              <input
                class="input"
                type="number"
                min="1"
                value={tokens}
                onInput={(event) => setTokens(event.currentTarget.value)}
              />
            </Field>
            <Field label="US dollars per month" hint="Empty: no budget">
              <input
                class="input"
                type="number"
                min="0.01"
                step="0.01"
                value={cost}
                onInput={(event) => setCost(event.currentTarget.value)}
              />
            </Field>
          </div>
          <Failure failure={failure} />
        </div>
        <footer class="dialog-foot">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button button-primary" disabled={isBusy || scopes.size === 0}>
            Create
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
