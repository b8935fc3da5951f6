import { newId } from '../storage/new.id.js';

/** This process, as others see it: the owner of the runs that it holds. */
export class Replica {
  readonly id = newId();
}
