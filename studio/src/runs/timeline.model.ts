import type { RunDetails } from 'rookery/client';

/** A gap without any work is shown if it takes this share of the run. */
const SHOWN_SHARE = 0.02;
const SHOWN_GAP_MS = 50;

/** A bar of the timeline. */
export interface Span {
  readonly kind: 'queued' | 'turn' | 'tool' | 'wait';
  readonly name: string;
  /** How many agents have asked for it. */
  readonly depth: number;
  readonly from: number;
  readonly to: number;
  readonly isOpen: boolean;
  readonly isError: boolean;
  /** Tokens or tries. */
  readonly note: string;
}

/** The bars of a run in the order of their begin, and the times that they span. */
export interface TimelineModel {
  readonly from: number;
  readonly to: number;
  readonly spans: readonly Span[];
}

export function timelineOf(run: RunDetails, now: number): TimelineModel {
  const from = Date.parse(run.created_at);
  const end = run.finished_at === undefined ? now : Date.parse(run.finished_at);
  const open = run.finished_at === undefined ? now : end;
  const work = [
    ...run.turns.flatMap(({ step, model, started_at, finished_at, input_tokens, output_tokens }) => {
      const note = `${input_tokens} in · ${output_tokens} out`;
      return spanOf({ kind: 'turn', name: model, step, started_at, finished_at, note, isError: false }, open);
    }),
    ...run.tool_calls.flatMap(({ step, tool, started_at, finished_at, tries, is_error }) => {
      const note = tries > 1 ? `${tries} tries` : '';
      return spanOf({ kind: 'tool', name: tool, step, started_at, finished_at, note, isError: is_error }, open);
    }),
  ].toSorted((one, other) => one.from - other.from || one.depth - other.depth);
  const started = run.started_at === undefined ? open : Date.parse(run.started_at);
  const to = Math.max(end, from + 1, ...work.map((span) => span.to));
  const queued =
    started - from >= Math.max(SHOWN_GAP_MS, (to - from) * SHOWN_SHARE) ? [gap('queued', from, started)] : [];
  const waits = gapsOf(work, started, end).filter(
    (span) => span.to - span.from >= Math.max(SHOWN_GAP_MS, (to - from) * SHOWN_SHARE),
  );
  return { from, to, spans: [...queued, ...work, ...waits].toSorted((one, other) => one.from - other.from) };
}

interface Step {
  readonly kind: 'turn' | 'tool';
  readonly name: string;
  readonly step: string;
  readonly started_at?: string | undefined;
  readonly finished_at?: string | undefined;
  readonly note: string;
  readonly isError: boolean;
}

/** A call that was refused has no times, so it has no bar. */
function spanOf({ kind, name, step, started_at, finished_at, note, isError }: Step, open: number): Span[] {
  if (started_at === undefined) return [];
  const from = Date.parse(started_at);
  const to = finished_at === undefined ? open : Date.parse(finished_at);
  const depth = step.split('/').length - 1;
  return [{ kind, name, depth, from, to: Math.max(to, from), isOpen: finished_at === undefined, isError, note }];
}

/** The times in which nothing worked: approvals, retries, and other attempts. */
function gapsOf(work: readonly Span[], from: number, to: number): Span[] {
  const gaps: Span[] = [];
  let covered = from;
  for (const span of work) {
    if (span.from > covered) gaps.push(gap('wait', covered, span.from));
    covered = Math.max(covered, span.to);
  }
  if (to > covered && work.length > 0) gaps.push(gap('wait', covered, to));
  return gaps;
}

function gap(kind: 'queued' | 'wait', from: number, to: number): Span {
  const name = kind === 'queued' ? 'Queued' : 'Waited';
  return { kind, name, depth: 0, from, to, isOpen: false, isError: false, note: '' };
}
