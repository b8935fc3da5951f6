import { sep } from 'node:path';
import Sequencer from '@jest/test-sequencer';

/** These take longest: they wait for real clocks, as for the timeout of a lease, or use a browser. */
const LONGEST = [
  'test/docs/docs',
  'test/tasks/poison',
  'src/tasks/task.outage',
  'test/studio/pages',
  'src/privacy/privacy',
  'src/agents/mcp/mcp.tools',
  'test/tasks/durability',
  'test/storage/outage',
  'test/security/credentials-end',
  'test/operation/rookery-command',
  'test/studio/chat',
  'test/http/timeouts',
  'src/tools/javascript.sandbox',
  'test/operation/telemetry',
  'src/tasks/webhooks/webhook.sender',
  'test/http/errors',
  'test/package/package',
  'test/security/auth',
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
  const place = LONGEST.findIndex((start) => name.includes(`/${start}.`));
  return place === -1 ? LONGEST.length : place;
}
