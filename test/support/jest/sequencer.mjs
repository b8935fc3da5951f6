import { sep } from 'node:path';
import Sequencer from '@jest/test-sequencer';

/** These took longest in a run of all tests. They come first: a new clone has no durations of its own. */
const LONGEST = [
  'test/docs/docs',
  'test/tasks/poison',
  'test/package/package',
  'test/security/auth',
  'test/http/hostile-text',
  'src/tasks/tasks',
  'test/operation/start',
  'test/package/workspace',
  'test/security/revocation',
  'src/tasks/task.outage',
  'test/tasks/durability',
  'test/studio/pages',
  'src/storage/postgres/postgres.engine',
  'test/operation/log-output',
  'test/operation/rookery-command',
  'test/operation/agent-files',
  'test/studio/operate',
  'src/storage/plans/run.plans',
  'src/storage/plans/data.plans',
  'src/runs/recovery/orphaned.runs',
  'test/security/credentials-end',
  'src/storage/plans/task.plans',
  'test/studio/chat',
  'test/security/security',
  'test/operation/deployment',
  'test/storage/races',
  'test/docs/code-blocks',
  'src/models/openai/provider.fuzz',
  'src/agents/mcp/mcp.tools',
  'test/studio/forks',
  'test/operation/agent-versions',
  'test/studio/lists',
  'test/docs/guide',
  'test/storage/outage',
  'test/http/timeouts',
  'src/tools/javascript.sandbox',
  'test/operation/telemetry',
  'src/tasks/webhooks/webhook.sender',
  'test/http/errors',
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
