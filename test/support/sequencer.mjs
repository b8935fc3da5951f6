import { sep } from 'node:path';
import Sequencer from '@jest/test-sequencer';

/** They wait for real clocks: the patience of a lease, a pause before a retry. */
const WAITING = [
  'test/poison',
  'src/tasks/task.outage',
  'test/durability',
  'test/telemetry',
  'test/errors',
  'test/auth',
  'test/outage',
];

/** Begins with what waits longest, so that nothing else has to wait for it in the end. */
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
