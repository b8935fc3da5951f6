import type { ModelToolCall } from '../../../models/language.model.js';
import { RunInterrupted } from '../../events/event.writer.js';
import { MAX_CRASHES, SUSPECT_CRASHES } from '../../recovery/process.death.js';
import type { Run } from '../../run.js';

/** A call with its step in the journal of its run. */
interface CallOfRun {
  readonly run: Run;
  readonly call: ModelToolCall;
  readonly step: string;
}

/** A refusal with its text for the model. */
interface DeathRefusal {
  readonly deaths: number;
  readonly text: string;
}

/**
 * A call that must not be repeated causes one death at most. Finished steps clear the task between two such calls. So
 * the third such call of a tool runs only while the task runs alone.
 *
 * @throws RunInterrupted if the call has to wait for another attempt.
 */
export async function assertRunsAlone({ journal }: Run, pending: readonly CallOfRun[]): Promise<void> {
  if (journal.crashes >= SUSPECT_CRASHES) return;
  const deaths = Math.max(0, ...pending.map(unexplainedOf));
  if (deaths < SUSPECT_CRASHES) return;
  await journal.markSuspect(deaths);
  throw new RunInterrupted('Processes died in calls of a tool. The task runs alone before another call is made.');
}

/** Processes that died in earlier calls of the tool, if this call has not begun. */
export function unexplainedOf({ run, call, step }: CallOfRun): number {
  return run.journal.tool(step) === undefined ? run.calls.unexplainedDeathsOf(call.name) : 0;
}

/** Processes that died during the call in earlier attempts. */
export function deathsOf({ run, step }: Pick<CallOfRun, 'run' | 'step'>): number {
  const previous = run.journal.tool(step);
  return previous?.state === 'started' ? previous.deaths : 0;
}

/** The refusal of a call if it, or earlier calls of its tool, caused too many deaths. Undefined: it may be made. */
export function refusalAfterDeaths(pending: CallOfRun): DeathRefusal | undefined {
  const { name } = pending.call;
  const own = deathsOf(pending);
  const deaths = Math.max(own, pending.run.calls.provenDeathsOf(name));
  if (deaths < MAX_CRASHES) return undefined;
  const text =
    own >= MAX_CRASHES
      ? `This call stopped the service ${own} times. It is not made again.`
      : `${name} stopped the service ${deaths} times. It is not called again in this run.`;
  return { deaths, text };
}
