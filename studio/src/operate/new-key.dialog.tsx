import { type MadeKey, type Scope, SCOPES } from 'rookery/client';
import { useState } from 'preact/hooks';
import { useAction } from '../service/resource';
import { useClient } from '../service/service';
import { Dialog } from '../ui/dialog';
import { Failure } from '../ui/feedback';
import { TextField } from '../ui/fields';

const ALLOWS: Readonly<Record<Scope, string>> = {
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
  const create = (close: () => void) =>
    run(async () => {
      const made = await client.keys.create({
        name: name.trim(),
        tenant: tenant.trim(),
        scopes: [...scopes],
        ...(tokens !== '' && { tokens_per_month: Number(tokens) }),
        ...(cost !== '' && { cost_per_month: Number(cost) }),
      });
      close();
      onMade(made);
    });
  return (
    <Dialog title="New key" onClose={onClose}>
      {(close) => (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void create(close);
          }}
        >
          <div class="dialog-body">
            <div class="two">
              <TextField
                label="Name"
                hint="Its owner or purpose"
                isRequired
                maxLength={128}
                value={name}
                onChange={setName}
              />
              <TextField
                label="Tenant"
                hint="The customer whose data it reaches"
                isRequired
                maxLength={128}
                value={tenant}
                onChange={setTenant}
              />
            </div>
            <fieldset class="scopes">
              <legend>Scopes</legend>
              {SCOPES.map((scope) => (
                <label key={scope}>
                  <input type="checkbox" checked={scopes.has(scope)} onChange={() => toggle(scope)} />{' '}
                  <code>{scope}</code> <span class="muted">{ALLOWS[scope]}</span>
                </label>
              ))}
            </fieldset>
            <div class="two">
              <TextField
                label="Tokens per month"
                hint="Empty: no budget"
                type="number"
                min={1}
                value={tokens}
                onChange={setTokens}
              />
              <TextField
                label="US dollars per month"
                hint="Empty: no budget"
                type="number"
                min={0.01}
                step={0.01}
                value={cost}
                onChange={setCost}
              />
            </div>
            <Failure failure={failure} />
          </div>
          <footer class="dialog-foot">
            <button type="button" class="button" onClick={close}>
              Cancel
            </button>
            <button type="submit" class="button button-primary" disabled={isBusy || scopes.size === 0}>
              Create
            </button>
          </footer>
        </form>
      )}
    </Dialog>
  );
}
