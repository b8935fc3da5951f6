import type { SwitchChange } from 'rookery/client';
import { useState } from 'preact/hooks';
import { useAction, useResource } from '../service/resource';
import { useClient } from '../service/service';
import { Empty, Failure, Loading } from '../ui/feedback';
import { SelectField, TextField } from '../ui/fields';
import { Time } from '../ui/parts';

const KINDS = ['role', 'tool', 'tenant'] as const;
const TITLES = { role: 'Agent', tool: 'Tool', tenant: 'Tenant' } as const;

/** Stops agents, tools and tenants on all replicas, and lets them run again. */
export function SwitchesPanel() {
  const client = useClient();
  const switches = useResource((signal) => client.switches.list({ signal }), 'switches', 5000);
  const { isBusy, failure, run } = useAction();
  const set = (change: SwitchChange) =>
    run(async () => {
      await client.switches.set(change);
      switches.reload();
    });
  return (
    <>
      <StopForm isBusy={isBusy} onStop={set} />
      <Failure failure={failure ?? switches.failure} onRetry={switches.reload} />
      {switches.value === undefined && switches.failure === undefined && <Loading what="the switches" />}
      {switches.value?.length === 0 && (
        <Empty title="Nothing is stopped">A stop takes effect on all replicas within a second.</Empty>
      )}
      <ul class="inbox">
        {(switches.value ?? []).map(({ kind, name, reason, stopped_by, stopped_at }) => (
          <li key={`${kind} ${name}`} class="card pad-card switch">
            <div>
              <p>
                {TITLES[kind]} <strong>{name}</strong> is stopped
              </p>
              <p class="muted">
                {reason !== undefined && `${reason} · `}
                {stopped_by} · <Time at={stopped_at} />
              </p>
            </div>
            <button
              type="button"
              class="button"
              disabled={isBusy}
              aria-label={`Let ${name} run again`}
              onClick={() => void set({ kind, name, stopped: false })}
            >
              Let it run
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

interface StopFormProps {
  readonly isBusy: boolean;
  readonly onStop: (change: SwitchChange) => Promise<boolean>;
}

function StopForm({ isBusy, onStop }: StopFormProps) {
  const [kind, setKind] = useState<SwitchChange['kind']>('role');
  const [name, setName] = useState('');
  const [reason, setReason] = useState('');
  const stop = async () => {
    const change = { kind, name: name.trim(), stopped: true, ...(reason.trim() !== '' && { reason: reason.trim() }) };
    if (!(await onStop(change))) return;
    setName('');
    setReason('');
  };
  return (
    <form
      class="card pad-card stop-form"
      aria-label="Stop"
      onSubmit={(event) => {
        event.preventDefault();
        void stop();
      }}
    >
      <SelectField
        label="Kind"
        value={kind}
        options={KINDS}
        textOf={(each) => TITLES[each]}
        onChange={(chosen) => setKind(chosen ?? 'role')}
      />
      <TextField label="Name" isRequired maxLength={128} value={name} onChange={setName} />
      <TextField
        label="Reason"
        maxLength={500}
        placeholder="Callers and the model read it"
        value={reason}
        onChange={setReason}
      />
      <button type="submit" class="button button-danger" disabled={isBusy}>
        Stop
      </button>
    </form>
  );
}
