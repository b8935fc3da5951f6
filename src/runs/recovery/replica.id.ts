import { newId } from '../../storage/new.id.js';

/**
 * The level of this release: what it can read. It rises with each form of stored data that a release before would misread.
 *
 * 1: tasks with instructions, settings, tools or messages of the caller, forks of sessions, and facts in events.
 * 2: deltas that are stored as texts only.
 * 3: facts that are stored before the event that follows.
 */
export const REPLICA_LEVEL = 3;
/** Replicas below show facts as fields of events. */
export const FACTS_LEVEL = 1;
/** Replicas below cannot read deltas that are stored as texts only. */
export const SHORT_DELTAS_LEVEL = 2;
/** Replicas below do not show facts that no event has yet. */
export const EARLY_FACTS_LEVEL = 3;

/** The identity of this process, which owns the runs that it holds. */
export class ReplicaId {
  readonly id = newId();
}
