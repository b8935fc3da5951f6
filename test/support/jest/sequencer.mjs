import { sep } from 'node:path';
import Sequencer from '@jest/test-sequencer';

/** These wait for real clocks: the timeout of a lease, a pause before a retry. */
const WAITING = [
  'test/tasks/poison',
  'src/tasks/task.outage',
  'test/tasks/durability',
  'test/operation/telemetry',
  'test/http/errors',
  'test/security/auth',
  'test/storage/outage',
];

/** Starts the longest tests first, so that nothing waits for them at the end. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    // oxlint-disable-next-line unicorn/no-array-sort -- the sequencer's own
    return super.sort(tests).toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}

function placeOf({ path }) {
  const name = path.split(sep).join('/');
  const place = WAITING.findIndex((start) => name.includes(`/${start}.`));
  return place === -1 ? WAITING.length : place;
}
