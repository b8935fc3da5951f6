import type { ApprovalDecision } from 'rookery/client';
import { Component } from 'preact';
import { Link, urlOf } from '../app/router';
import { Markdown } from '../markdown/markdown';
import { useService } from '../service/service';
import { FailureNote } from '../ui/feedback';
import { costText, durationText, numberText } from '../ui/format';
import { Icon } from '../ui/icons';
import { CopyButton, JsonText } from '../ui/parts';
import { ApprovalCard } from './approval.card';
import { Question } from './question';
import { asCurl, asTypeScript } from './snippets';
import { ToolCard } from './tool.card';
import { imagesOf, isActive, isOpenApproval, type Part, textOf, type Turn } from './turn';

interface TurnViewProps {
  readonly turn: Turn;
  readonly onDecide: (approvalId: string, decision: ApprovalDecision) => Promise<void>;
  readonly onAskAgain: () => void;
  /** Asks the question in other words, in a session that goes on from there. Undefined if that is not possible. */
  readonly onFork: ((text: string) => void) | undefined;
  readonly canAsk: boolean;
}

/** A request and its answer. Renders again only if something of it has changed. */
export class TurnView extends Component<TurnViewProps> {
  override shouldComponentUpdate({ turn, onFork, canAsk }: TurnViewProps): boolean {
    const { props } = this;
    return turn !== props.turn || canAsk !== props.canAsk || (onFork === undefined) !== (props.onFork === undefined);
  }

  override render({ turn, onDecide, onAskAgain, onFork, canAsk }: TurnViewProps) {
    const [text, images] = [textOf(turn.request), imagesOf(turn.request)];
    // A request with nothing but the results of calls cannot begin another session.
    const isQuestion = text !== '' || images.length > 0;
    const retry = isQuestion ? onAskAgain : undefined;
    return (
      <>
        {isQuestion && <Question text={text} images={images} onAskAgain={onFork} canAsk={canAsk} />}
        <article class="answer" aria-label="Answer" aria-busy={isActive(turn)}>
          {turn.parts.map((part, index) => (
            <PartView key={index} part={part} onDecide={onDecide} />
          ))}
          {turn.response?.output_parsed !== undefined && (
            <JsonText value={turn.response.output_parsed} label="Structured answer" />
          )}
          <TurnStatus turn={turn} onAskAgain={retry} />
          {!isActive(turn) && <TurnFoot turn={turn} onAskAgain={retry} />}
        </article>
      </>
    );
  }
}

function PartView({ part, onDecide }: { readonly part: Part; readonly onDecide: TurnViewProps['onDecide'] }) {
  switch (part.kind) {
    case 'text':
      return <Markdown text={part.text} />;
    case 'tool':
      return <ToolCard call={part} />;
    case 'approval':
      return <ApprovalCard approval={part} onDecide={(decision) => onDecide(part.approvalId, decision)} />;
    case 'handoff':
      return (
        <p class="handoff">
          <Icon name="handoff" /> {part.from} hands over to <strong>{part.to}</strong>
        </p>
      );
    case 'note':
      return <p class="muted">{part.text}</p>;
  }
}

interface EndProps {
  readonly turn: Turn;
  /** Asks the question in a new session. Undefined: the request has none. */
  readonly onAskAgain: (() => void) | undefined;
}

function TurnStatus({ turn, onAskAgain }: EndProps) {
  const { status, failure, parts } = turn;
  switch (status) {
    case 'running':
      if (parts.some(isOpenApproval)) {
        return <p class="muted">The run waits for your decision.</p>;
      }
      return (
        <p class="working">
          <span class="spinner" aria-hidden="true" /> {parts.length === 0 ? 'Waiting for the agent …' : 'Working …'}
        </p>
      );
    case 'reconnecting':
      return (
        <p class="working warn">
          <span class="spinner" aria-hidden="true" /> The connection is lost. The answer continues once it is back …
        </p>
      );
    case 'cancelled':
      return <p class="muted">{failure === undefined ? 'Stopped.' : `Stopped: ${failure.sentence}`}</p>;
    case 'failed':
      return failure === undefined ? null : <FailureNote text={failure} onRetry={onAskAgain} />;
    case 'completed':
      return <Ending reason={turn.response?.finish_reason} />;
  }
}

/** Says why an answer ends early. */
function Ending({ reason }: { readonly reason: NonNullable<Turn['response']>['finish_reason'] | undefined }) {
  switch (reason) {
    case 'length':
      return <p class="muted">The output limit of the model cut the answer off.</p>;
    case 'tool_calls':
      return <p class="muted">The agent calls tools of yours.</p>;
    default:
      return null;
  }
}

function TurnFoot({ turn, onAskAgain }: EndProps) {
  const { credentials } = useService();
  const { response, runId, request } = turn;
  const answer = turn.parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('\n\n');
  return (
    <footer class="answer-foot">
      {response !== undefined && (
        <span class="muted">
          {response.model} · {durationText(response.processing_time_ms)} · {numberText(response.usage.total_tokens)}{' '}
          tokens
          {response.usage.cost !== undefined && ` · ${costText(response.usage.cost)}`}
        </span>
      )}
      <span class="actions">
        {answer !== '' && (
          <CopyButton text={answer} label="Copy the answer">
            Copy
          </CopyButton>
        )}
        <CopyButton text={() => asCurl(request, location.origin, credentials)} label="Copy as curl">
          curl
        </CopyButton>
        <CopyButton text={() => asTypeScript(request, location.origin, credentials)} label="Copy as TypeScript">
          TypeScript
        </CopyButton>
        {onAskAgain !== undefined && (
          <button type="button" class="button button-quiet" onClick={onAskAgain}>
            <Icon name="retry" /> Ask again in a new session
          </button>
        )}
        {runId !== undefined && (
          <Link class="button button-quiet" to={urlOf(['runs', runId])}>
            <Icon name="runs" /> Run
          </Link>
        )}
      </span>
    </footer>
  );
}
