import { AgentError } from '../errors/agent.error.js';
import type { StepTable } from '../storage/schema.js';
import type { RunRow } from './run.row.js';

/** A task that this many processes died with is a suspect: it runs alone. An index has the number, too. */
export const SUSPECT_CRASHES = 2;
/** A call that stopped so many processes is not made again, and a task that stopped them without a call is given up. */
export const MAX_CRASHES = 3;
/** If only chats and streams may have stopped the processes as well, a call counts as the cause at this death in a row. */
const MAX_CRASHES_BESIDE_CHATS = 5;
/** Given up all the same, though something else in the process may have stopped it each time. */
const MAX_UNEXPLAINED_CRASHES = 10;
/**
 * A task that is blamed is held back for so long. If a process dies without it meanwhile, something else kills them, such
 * as an operator. The time is longer than it takes to notice a death.
 */
export const TRIAL_MS = 10_000;

/** The longest that a suspect runs alone. Then other tasks come, and the next suspect: it has not stopped its process. */
export const ALONE_MS = 60_000;

/** A run that a process held when it died. */
export type HeldRun = Pick<RunRow, 'run_id' | 'kind' | 'crashes' | 'claimed_at'>;

/** What a death means for a task that the process held. */
export interface Verdict {
  /** Processes that died with it in a row. */
  readonly crashes: number;
  /** The deaths of the calls that it was making. */
  readonly callDeaths: number;
  /** Nothing else in the process can have stopped it, or hardly: it is held back, and then counts as the cause. */
  readonly isCause: boolean;
  /** No other attempt is made. */
  readonly isOver: boolean;
}

/**
 * Two deaths prove nothing: all tasks of the process were there. So suspects run one at a time, and the process begins
 * nothing after one. If it dies then, the suspect is the cause. Chats begin all the same. They may stop one process, but
 * hardly each one that makes the call.
 *
 * @param calls that the attempt had started.
 * @param held all runs of the process, the task among them.
 */
export function verdictOn(
  task: HeldRun,
  calls: readonly Pick<StepTable, 'deaths'>[],
  held: readonly HeldRun[],
): Verdict {
  const crashes = Math.max(task.crashes, ...calls.map(({ deaths }) => deaths)) + 1;
  const unclear = held.filter((other) => other.run_id !== task.run_id && !isCleared(other, task));
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

/** It was there before the suspect, and the process lived; another suspect lived alone in it. */
function isCleared(other: HeldRun, suspect: HeldRun): boolean {
  const [otherAt, suspectAt] = [other.claimed_at ?? 0, suspect.claimed_at ?? 0];
  return other.crashes < SUSPECT_CRASHES ? otherAt < suspectAt : otherAt + ALONE_MS <= suspectAt;
}

/** How a task ends that is not tried again. */
export function givenUp(crashes: number): AgentError {
  return new AgentError('run_interrupted', {
    detail: `The service stopped ${crashes} times in a row while it ran this task, before a step was finished.`,
  });
}
