import { newId } from '../../storage/new.id.js';

/** The identity of this process, which owns the runs that it holds. */
export class ReplicaId {
  readonly id = newId();
}
