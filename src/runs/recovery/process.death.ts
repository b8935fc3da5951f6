import { AgentError } from '../../errors/agent.error.js';
import type { StepTable } from '../../storage/schema.js';
import type { RunRow } from '../run.row.js';

/** A task becomes a suspect and runs alone after this many deaths. An index contains the same number. */
export const SUSPECT_CRASHES = 2;
/** A call that caused this many deaths is not repeated. A task that caused them without a call fails. */
export const MAX_CRASHES = 3;
/** Deaths in a row after which a call is the cause, although chats or streams ran beside it. */
const MAX_CRASHES_BESIDE_CHATS = 5;
/** Deaths in a row after which a task fails, even if other runs may be the cause. */
const MAX_UNEXPLAINED_CRASHES = 10;
/**
 * How long a blamed task is held back. If a process dies without it meanwhile, something else kills processes, such as
 * an operator. The time is longer than the detection of a death takes.
 */
export const HOLD_BACK_MS = 10_000;

/** A run that a process held when it died. */
export type HeldRun = Pick<RunRow, 'run_id' | 'kind' | 'crashes' | 'claimed_at'>;

/** The consequence of a death for a task of the process. */
export interface DeathAssessment {
  /** Processes that died in a row while they ran the task. */
  readonly crashes: number;
  /** The deaths to record for its calls in progress. */
  readonly callDeaths: number;
  /** No other run of the process is a likely cause. The task is held back, then counts as the cause. */
  readonly isCause: boolean;
  /** The task fails without another attempt. */
  readonly isOver: boolean;
}

/**
 * Two deaths prove nothing, because every task of the process may be the cause. So suspects run one at a time, and the
 * process starts no task after one. If it dies then, the suspect is the cause. Chats still start. They may stop one
 * process, but hardly every process that makes the call.
 *
 * @param calls the calls that the attempt had started.
 * @param held all runs of the process, including the task.
 */
export function assessDeath(
  task: HeldRun,
  calls: readonly Pick<StepTable, 'deaths'>[],
  held: readonly HeldRun[],
): DeathAssessment {
  const crashes = Math.max(task.crashes, ...calls.map(({ deaths }) => deaths)) + 1;
  const unclear = held.filter((other) => other.run_id !== task.run_id && !isExonerated(other, task));
  const isProven = crashes >= MAX_CRASHES && unclear.length === 0;
  const isLikely =
    crashes >= MAX_CRASHES_BESIDE_CHATS && calls.length > 0 && unclear.every(({ kind }) => kind !== 'task');
  const isCause = isProven || isLikely;
  return {
    crashes,
    callDeaths: isCause ? crashes : Math.min(crashes, MAX_CRASHES - 1),
    isCause,
    isOver: !isCause && crashes >= MAX_UNEXPLAINED_CRASHES,
  };
}

/** True if the process survived the other run: it began earlier and is not a suspect, which may kill it late. */
function isExonerated(other: HeldRun, suspect: HeldRun): boolean {
  return other.crashes < SUSPECT_CRASHES && (other.claimed_at ?? 0) < (suspect.claimed_at ?? 0);
}

/** The failure of a task that gets no other attempt. */
export function repeatedDeathError(crashes: number): AgentError {
  return new AgentError('run_interrupted', {
    detail: `The service stopped ${crashes} times in a row while it ran this task, before a step was finished.`,
  });
}
