import { useState } from 'preact/hooks';
import { useAction } from '../service/resource';
import { Failure } from '../ui/feedback';
import { CodeField } from '../ui/fields';
import { Icon } from '../ui/icons';
import { JsonText } from '../ui/parts';
import { type CallResult, type OpenCall, parsedOr } from './open.calls';

interface OpenCallsCardProps {
  readonly calls: readonly OpenCall[];
  /** True while the results are on their way. */
  readonly isBusy: boolean;
  readonly onAnswer: (results: readonly CallResult[], isAbandoning: boolean) => void;
}

interface Draft {
  readonly text: string;
  readonly hasFailed: boolean;
}

const NOTHING: Draft = { text: '', hasFailed: false };

/** Takes the results of all open calls, and sends them together. */
export function OpenCallsCard({ calls, isBusy, onAnswer }: OpenCallsCardProps) {
  const [drafts, setDrafts] = useState<ReadonlyMap<string, Draft>>(new Map());
  const { failure, run } = useAction();
  const draftOf = ({ call_id: id }: OpenCall) => drafts.get(id) ?? NOTHING;
  const set = ({ call_id: id }: OpenCall, draft: Draft) => setDrafts(new Map([...drafts, [id, draft]]));
  const answer = (isAbandoning: boolean) =>
    run(async () => {
      const missing = calls.filter((call) => draftOf(call).text.trim() === '');
      if (missing.length > 0 && !isAbandoning) {
        throw new Error(`Write a result for ${missing.map((call) => nameOf(call, calls)).join(', ')}.`);
      }
      const results = calls.filter((call) => !missing.includes(call)).map((call) => resultOf(call, draftOf(call)));
      onAnswer(results, missing.length > 0);
    });
  return (
    <form
      class="card approval approval-open"
      aria-label="Calls of your tools"
      onSubmit={(event) => {
        event.preventDefault();
        void answer(false);
      }}
    >
      <p role="status">
        <strong>The agent calls {calls.length === 1 ? 'a tool' : `${calls.length} tools`} of yours.</strong> Write what
        {calls.length === 1 ? ' it gives' : ' they give'}. A message goes on without the results.
      </p>
      {calls.map((call) => {
        const name = nameOf(call, calls);
        const draft = draftOf(call);
        return (
          <fieldset key={call.call_id} class="open-call" disabled={isBusy}>
            <legend class="tool-name">
              <Icon name="tool" /> {name}
            </legend>
            <JsonText value={parsedOr(call.arguments)} label={`Arguments of ${name}`} />
            <CodeField
              label={draft.hasFailed ? `Why ${name} failed` : `Result of ${name}`}
              placeholder="Text or JSON"
              value={draft.text}
              onChange={(text) => set(call, { ...draft, text })}
            />
            <label>
              <input
                type="checkbox"
                checked={draft.hasFailed}
                onChange={() => set(call, { ...draft, hasFailed: !draft.hasFailed })}
              />{' '}
              The call of {name} failed
            </label>
          </fieldset>
        );
      })}
      <Failure failure={failure} />
      <div class="form-actions">
        <button type="button" class="button" disabled={isBusy} onClick={() => void answer(true)}>
          Go on without the missing
        </button>
        <button type="submit" class="button button-primary" disabled={isBusy}>
          Send the results
        </button>
      </div>
    </form>
  );
}

/** Two calls of the same tool have numbers. */
function nameOf(call: OpenCall, calls: readonly OpenCall[]): string {
  const same = calls.filter(({ tool }) => tool === call.tool);
  return same.length === 1 ? call.tool : `${call.tool} ${same.indexOf(call) + 1}`;
}

function resultOf({ call_id }: OpenCall, { text, hasFailed }: Draft): CallResult {
  return hasFailed ? { call_id, error: text } : { call_id, output: text };
}
