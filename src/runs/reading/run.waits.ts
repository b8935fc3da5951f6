import type { ApprovalTimes } from '../journal/pending.approval.js';
import type { Timeline } from '../journal/run.timeline.js';
import type { RunRow } from '../run.row.js';

/** Shorter pauses between the steps of a task are its own work. */
const MIN_RETRY_MS = 100;
const MAX_WAITS = 200;

/** Why a run waits: for its first begin, for a decision, or for another attempt. */
export const WAIT_REASONS = ['queue', 'approval', 'retry'] as const;

/** A time in which a run waited. */
export interface RunWait {
  /** `queue`: for its begin. `approval`: for a decision. `retry`: an attempt had failed, or its process had died. */
  readonly reason: (typeof WAIT_REASONS)[number];
  /** The tool, if it waits for an approval. */
  readonly tool?: string;
  /** ISO 8601, UTC. */
  readonly started_at: string;
  /** ISO 8601, UTC. Absent: it still waits. */
  readonly finished_at?: string;
}

interface Span {
  readonly from: number;
  /** Infinity: it has not ended. */
  readonly to: number;
}

type WaitingRun = Pick<RunRow, 'kind' | 'status' | 'attempt' | 'created_at' | 'started_at' | 'finished_at'>;

/** The waits of a run, oldest first. */
export function waitsOf(run: WaitingRun, timeline: Timeline, approvals: readonly ApprovalTimes[]): RunWait[] {
  const end = run.finished_at ?? Infinity;
  const begin = run.started_at ?? end;
  const decisions = approvals.map(({ tool, created_at, decided_at }) => ({
    tool,
    span: { from: created_at, to: decided_at ?? end },
  }));
  const waits = [
    ...(begin > run.created_at ? [waitOf('queue', { from: run.created_at, to: begin })] : []),
    ...decisions.map(({ tool, span }) => waitOf('approval', span, tool)),
    ...retriesOf(
      run,
      [...stepsOf(timeline), ...decisions.map(({ span }) => span)].toSorted((one, other) => one.from - other.from),
    ),
  ];
  return waits.toSorted((one, other) => (one.started_at < other.started_at ? -1 : 1)).slice(0, MAX_WAITS);
}

/** The pauses of a task that is tried again. @param busy its steps and the waits for decisions, oldest first. */
function retriesOf({ kind, status, attempt, started_at }: WaitingRun, busy: readonly Span[]): RunWait[] {
  const isQueued = status === 'queued';
  if (kind !== 'task' || started_at === null || attempt < (isQueued ? 1 : 2)) return [];
  const retries: RunWait[] = [];
  let idleFrom = started_at;
  for (const { from, to } of busy) {
    if (from - idleFrom >= MIN_RETRY_MS) retries.push(waitOf('retry', { from: idleFrom, to: from }));
    idleFrom = Math.max(idleFrom, to);
  }
  return isQueued && idleFrom !== Infinity ? [...retries, waitOf('retry', { from: idleFrom, to: Infinity })] : retries;
}

function stepsOf({ turns, calls }: Timeline): Span[] {
  return [...turns, ...calls].flatMap(({ started_at, finished_at }) =>
    started_at === undefined
      ? []
      : [{ from: Date.parse(started_at), to: finished_at === undefined ? Infinity : Date.parse(finished_at) }],
  );
}

function waitOf(reason: RunWait['reason'], { from, to }: Span, tool?: string): RunWait {
  return {
    reason,
    ...(tool === undefined ? {} : { tool }),
    started_at: new Date(from).toISOString(),
    ...(to === Infinity ? {} : { finished_at: new Date(to).toISOString() }),
  };
}
