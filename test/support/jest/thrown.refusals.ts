import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { THROWN_REFUSALS } from '../../../src/storage/thrown.refusals.js';

let refusals: unknown[] = [];
const note = (refusal: unknown): void => void refusals.push(refusal);

/** Runs for each suite. A write that throws a refusal undoes all writes in its group, so no test may see one. */
export default function forbidThrownRefusals(): void {
  beforeAll(() => subscribe(THROWN_REFUSALS, note));
  afterAll(() => void unsubscribe(THROWN_REFUSALS, note));
  afterEach(() => expect(takeThrownRefusals()).toEqual([]));
}

/** Returns the refusals that writes have thrown, for a test that expects them. */
export function takeThrownRefusals(): unknown[] {
  const taken = refusals;
  refusals = [];
  return taken;
}
