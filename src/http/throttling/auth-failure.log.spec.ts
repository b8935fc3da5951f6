import { Logger } from '@nestjs/common';
import { Databases } from '../../../test/support/storage/databases.js';
import { sqlite } from '../../../test/support/storage/stores.js';
import { StoredAccessAudit } from '../../audit/stored.access-audit.js';
import { authFailure } from '../../auth/auth.failure.js';
import { CallerNames } from '../../auth/caller.names.js';
import { completeOptions } from '../../options/options.defaults.js';
import type { Database } from '../../storage/database.js';
import { SharedSecret } from '../../storage/shared.secret.js';
import { AgentMetrics } from '../../telemetry/agent.metrics.js';
import { AuthFailureLog } from './auth-failure.log.js';

const { jest } = import.meta;
const databases = new Databases(sqlite);
let database: Database;
let lines: Record<string, unknown>[];

beforeEach(() => {
  lines = [];
  jest.spyOn(Logger.prototype, 'warn').mockImplementation((line: Record<string, unknown>) => void lines.push(line));
});
afterEach(() => jest.restoreAllMocks());
// A later write ends after those of the audit.
afterEach(() => database.write(() => Promise.resolve()));
afterEach(() => databases.remove());

async function open(logAddresses = true) {
  database = await databases.open();
  const metrics = new AgentMetrics();
  const { auth } = completeOptions({ telemetry: { logAddresses } });
  const names = new CallerNames(await SharedSecret.read(database), auth);
  const log = new AuthFailureLog(metrics, names, new StoredAccessAudit(database));
  return { log, metrics };
}

const expired = authFailure({ reason: 'expired', key: { id: 'k1', tenant: 'acme' } }, 'Expired.');

describe('AuthFailureLog', () => {
  it('has one line for an address and minute, and then a count', async () => {
    const { log, metrics } = await open();
    const now = jest.spyOn(Date, 'now').mockReturnValue(600_000);
    for (const network of ['192.0.2.1', '192.0.2.1', '192.0.2.2', '192.0.2.1']) log.add(network, expired);
    expect(lines).toEqual([
      { address: '192.0.2.1', reason: 'expired', key_id: 'k1', msg: 'authentication failed' },
      { address: '192.0.2.2', reason: 'expired', key_id: 'k1', msg: 'authentication failed' },
    ]);
    now.mockReturnValue(660_000);
    log.add('192.0.2.1', new Error('of the host'));
    expect(lines.slice(2)).toEqual([
      { failures: 2, addresses: 2, msg: 'more authentications failed' },
      { address: '192.0.2.1', reason: 'other', key_id: undefined, msg: 'authentication failed' },
    ]);
    const text = await metrics.text();
    expect(text).toContain('rookery_auth_failures_total{reason="expired"} 4');
    expect(text).toContain('rookery_auth_failures_total{reason="other"} 1');
  });

  it('has at most 1001 lines in a minute, whatever the number of addresses', async () => {
    const { log } = await open();
    jest.spyOn(Date, 'now').mockReturnValue(600_000);
    for (let n = 0; n < 3000; n++) log.add(`10.0.${n >> 8}.${n & 255}`, expired);
    expect(lines).toHaveLength(1001);
  });

  it('leaves addresses out if they are not to be logged', async () => {
    const { log } = await open(false);
    log.add('192.0.2.1', expired);
    expect(lines).toEqual([{ address: undefined, reason: 'expired', key_id: 'k1', msg: 'authentication failed' }]);
  });
});
