import type { ApprovalDecision } from 'rookery/client';
import { useRef, useState } from 'preact/hooks';
import { useAction } from '../service/resource';
import { Failure } from '../ui/feedback';
import { Icon } from '../ui/icons';
import { JsonText } from '../ui/parts';

/** A call that needs a decision. */
interface DecidableCall {
  readonly tool: string;
  readonly arguments: unknown;
  readonly by?: 'another' | undefined;
  readonly isOpen: boolean;
}

interface ApprovalCardProps {
  readonly approval: DecidableCall;
  readonly onDecide: (decision: ApprovalDecision) => Promise<void>;
}

/** Shows a call that waits, and takes the decision. */
export function ApprovalCard({ approval: { tool, arguments: args, by, isOpen }, onDecide }: ApprovalCardProps) {
  const [reason, setReason] = useState('');
  const [decided, setDecided] = useState<string>();
  const { isBusy, failure, run } = useAction();
  const card = useRef<HTMLDivElement>(null);
  const decide = async (decision: 'approve' | 'reject'): Promise<void> => {
    const isDone = await run(() => onDecide({ decision, ...(reason.trim() !== '' && { reason: reason.trim() }) }));
    if (!isDone) return;
    setDecided(decision === 'approve' ? 'You approved it.' : 'You rejected it.');
    // The button that had the focus is about to go.
    card.current?.focus({ preventScroll: true });
  };
  return (
    <div
      ref={card}
      class={`card approval ${isOpen ? 'approval-open' : ''}`}
      role="group"
      tabIndex={-1}
      aria-label={`Approval of ${tool}`}
    >
      <p class="approval-title">
        <Icon name="approvals" /> <strong>{tool}</strong>{' '}
        <span role="status">{isOpen ? 'needs an approval' : (decided ?? 'was decided.')}</span>
      </p>
      <JsonText value={args} label={`Arguments of ${tool}`} />
      {isOpen && by === 'another' && <p class="muted">The person who started the run cannot decide on it.</p>}
      {isOpen && (
        <div class="approval-form">
          <input
            type="text"
            class="input"
            aria-label="Reason"
            placeholder="Reason (the model reads it if you reject)"
            maxLength={1000}
            value={reason}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
          <button type="button" class="button" disabled={isBusy} onClick={() => void decide('reject')}>
            Reject
          </button>
          <button type="button" class="button button-primary" disabled={isBusy} onClick={() => void decide('approve')}>
            Approve
          </button>
        </div>
      )}
      <Failure failure={failure} />
    </div>
  );
}
