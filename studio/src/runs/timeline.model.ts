import type { RunDetailsV2 } from 'rookery/client';
import { costText } from '../ui/format';

/** A queue is shown if it takes this share of the run. Other waits have a reason, so they are always shown. */
const SHOWN_SHARE = 0.02;
const SHOWN_QUEUE_MS = 50;

/** A bar of the timeline. */
export interface Span {
  readonly kind: 'turn' | 'tool' | RunDetailsV2['waits'][number]['reason'];
  readonly name: string;
  /** How many agents have asked for it. */
  readonly depth: number;
  readonly from: number;
  readonly to: number;
  readonly isOpen: boolean;
  readonly isError: boolean;
  /** Tokens and cost, or tries. */
  readonly note: string;
}

/** The bars of a run in the order of their begin, and the times that they span. */
export interface TimelineModel {
  readonly from: number;
  readonly to: number;
  readonly spans: readonly Span[];
}

type Run = Pick<RunDetailsV2, 'created_at' | 'finished_at' | 'turns' | 'tool_calls' | 'waits'>;

export function timelineOf(run: Run, now: number): TimelineModel {
  const from = Date.parse(run.created_at);
  const end = run.finished_at === undefined ? now : Date.parse(run.finished_at);
  const spans = [...turnsOf(run, end), ...callsOf(run, end), ...waitsOf(run, end)];
  const to = Math.max(end, from + 1, ...spans.map((span) => span.to));
  const leastQueueMs = Math.max(SHOWN_QUEUE_MS, (to - from) * SHOWN_SHARE);
  const shown = spans.filter(({ kind, ...span }) => kind !== 'queue' || span.to - span.from >= leastQueueMs);
  return { from, to, spans: shown.toSorted((one, other) => one.from - other.from || one.depth - other.depth) };
}

function turnsOf({ turns }: Run, end: number): Span[] {
  return turns.flatMap(({ model, input_tokens, output_tokens, cost, ...turn }) => {
    const tokens = `${input_tokens} in · ${output_tokens} out`;
    const note = cost === undefined ? tokens : `${tokens} · ${costText(cost)}`;
    return spanOf({ ...turn, kind: 'turn', name: model, note }, end);
  });
}

function callsOf({ tool_calls }: Run, end: number): Span[] {
  return tool_calls.flatMap(({ tool, tries, is_error: isError, ...call }) =>
    spanOf({ ...call, kind: 'tool', name: tool, note: tries > 1 ? `${tries} tries` : '', isError }, end),
  );
}

const WAITS = { queue: 'Queued', approval: 'Approval', retry: 'Another attempt' } as const;

function waitsOf({ waits }: Run, end: number): Span[] {
  return waits.flatMap(({ reason, tool, ...wait }) => {
    const name = tool === undefined ? WAITS[reason] : `${WAITS[reason]} of ${tool}`;
    return spanOf({ ...wait, kind: reason, name, step: '', note: '' }, end);
  });
}

interface Part {
  readonly kind: Span['kind'];
  readonly name: string;
  readonly step: string;
  readonly started_at?: string | undefined;
  readonly finished_at?: string | undefined;
  readonly note: string;
  readonly isError?: boolean;
}

/** A call that was refused has no times, so it has no bar. */
function spanOf({ kind, name, step, started_at, finished_at, note, isError = false }: Part, open: number): Span[] {
  if (started_at === undefined) return [];
  const from = Date.parse(started_at);
  const to = finished_at === undefined ? open : Date.parse(finished_at);
  const depth = step.split('/').length - 1;
  return [{ kind, name, depth, from, to: Math.max(to, from), isOpen: finished_at === undefined, isError, note }];
}
