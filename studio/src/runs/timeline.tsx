import type { RunDetailsV2 } from 'rookery/client';
import { Empty } from '../ui/feedback';
import { durationText } from '../ui/format';
import { type Span, timelineOf } from './timeline.model';

const TICKS = [0, 0.25, 0.5, 0.75, 1] as const;
const NAMES = { queue: 'wait', approval: 'wait', retry: 'wait', turn: 'model', tool: 'tool' } as const;

/** Model calls, tools and waits on one axis of time. */
export function Timeline({ run }: { readonly run: RunDetailsV2 }) {
  const { from, to, spans } = timelineOf(run, Date.now());
  const total = to - from;
  if (spans.length === 0) {
    return <Empty title="No times yet">The times of a chat or stream are known once it has ended.</Empty>;
  }
  return (
    <section class="card timeline" aria-label="Timeline">
      <div class="timeline-row timeline-axis" aria-hidden="true">
        <span />
        <span class="timeline-ticks">
          {TICKS.map((tick) => (
            <span key={tick} style={{ left: `${tick * 100}%` }}>
              {durationText(total * tick)}
            </span>
          ))}
        </span>
        <span />
      </div>
      <ol>
        {spans.map((span, index) => (
          <Bar key={index} span={span} from={from} total={total} />
        ))}
      </ol>
    </section>
  );
}

function Bar({ span, from, total }: { readonly span: Span; readonly from: number; readonly total: number }) {
  const left = ((span.from - from) / total) * 100;
  const width = Math.max(((span.to - span.from) / total) * 100, 0.4);
  const kind = span.isError ? 'error' : span.kind;
  return (
    <li class="timeline-row">
      <span class="timeline-name" style={{ paddingLeft: `${span.depth * 14}px` }}>
        <span class={`timeline-dot timeline-${kind}`} aria-hidden="true" />
        <span class="timeline-text">{span.name}</span>
        <span class="muted timeline-kind">{span.isError ? 'failed' : NAMES[span.kind]}</span>
      </span>
      <span class="timeline-track" aria-hidden="true">
        <span
          class={`timeline-bar timeline-${kind} ${span.isOpen ? 'timeline-open' : ''}`}
          style={{ left: `${Math.min(left, 99.6)}%`, width: `${Math.min(width, 100 - Math.min(left, 99.6))}%` }}
        />
      </span>
      <span class="timeline-note muted">
        {durationText(span.to - span.from)}
        {span.note !== '' && <span class="timeline-tokens">{span.note}</span>}
      </span>
    </li>
  );
}
